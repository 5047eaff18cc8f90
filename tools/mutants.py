"""Whether the tests would notice a mistake in the clock: `make mutants`, or `python -m tools.mutants [clock [FOLDER]]`.

mutmut changes the clock's modules in some eight hundred small ways, one at a time, and runs the tests of the domain
against each. All of it happens on a copy, in a temporary folder or in FOLDER, which is kept, with an environment of its
own from tools/mutants.lock. Prints the score of each module and the changes that no test noticed; fails below 95 %.
docs/decisions/010-mutation-testing.md says why each survivor is left. Takes a few minutes of two processors.
`python -m tools.mutants checker` does the same to the rules of the notice checker, and takes an hour or more.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
RULES = ("answers", "denial", "interest", "limits", "particulars", "refusal", "rights", "timing")
MODULES = {
    "clock": ("clock", "clock_steps", "clock_corrections", "timeline", "working_days"),
    "checker": tuple(f"notice_check/{name}" for name in RULES),
}
DOMAIN, TESTS = Path("service/domain"), Path("tests/unit/service/domain")
CHOSEN = {"clock": TESTS, "checker": TESTS / "notice_check"}
LEAST = {"clock": 95.0, "checker": 80.0}  # percent
CONFIG = """
[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p no:cacheprovider"
pythonpath = ["."]
filterwarnings = ["error"]

[tool.mutmut]
source_paths = ["service"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = ["{tests}"]
use_git_change_detection = false
"""
# The same examples each time, so that the score is the tests' and not chance's; few, and no time lost on the smallest.
CONFTEST = """
from hypothesis import Phase, settings

phases = (Phase.explicit, Phase.generate)
settings.register_profile("mutants", derandomize=True, database=None, phases=phases, max_examples=20, deadline=None)
settings.load_profile("mutants")
"""
PROPERTY = re.compile(r"    @property\n    def (\w+)(\(self\) -> [^\n]+:\n(?: {8}[^\n]*\n|\n(?= {8}))+)")
NOTICED = {"killed", "timeout"}  # a test that no longer ends has noticed, too


def copy_to(folder: Path, subject: str) -> None:
    """Lay out what the tests of the domain need, and nothing else of the desk."""
    for room in (DOMAIN, TESTS):
        shutil.rmtree(folder / room, ignore_errors=True)
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "errors.py"):
        shutil.copy(ROOT / "service" / name, folder / "service" / name)
    for name in MODULES[subject]:  # mutmut passes over what is decorated: a property becomes a method and its name
        module = folder / DOMAIN / f"{name}.py"
        plain = PROPERTY.sub(r"    def _\1\2\n    \1 = property(_\1)\n", module.read_text(encoding="utf-8"))
        module.write_text(plain, encoding="utf-8")
    modules = [f"{DOMAIN}/{name}.py" for name in MODULES[subject]]
    (folder / "pyproject.toml").write_text(CONFIG.format(modules=modules, tests=CHOSEN[subject]), encoding="utf-8")
    (folder / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")


def install(folder: Path) -> Path:
    """Make the environment, once for a folder; returns the mutmut in it."""
    mutmut = folder / "venv" / "bin" / "mutmut"
    if not mutmut.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        pip = [str(folder / "venv" / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "tools" / "mutants.lock")], check=True)
    return mutmut


def score(folder: Path, subject: str) -> float:
    """Try every mutant of the copy, print what came of them, and return the percentage that a test noticed."""
    mutmut = install(folder)
    subprocess.run([mutmut, "run"], cwd=folder, check=True, preexec_fn=lambda: os.nice(10))
    told = _output(mutmut, folder, "results", "--all", "true")
    outcomes = dict(line.strip().rsplit(": ", 1) for line in told.splitlines() if "__mutmut_" in line)
    for name, outcome in outcomes.items():
        if outcome not in NOTICED:
            print(f"\n{outcome}: {_output(mutmut, folder, 'show', name)}")
    for module in MODULES[subject]:
        ours = f"service.domain.{module.replace('/', '.')}."
        _print_score(module, (outcomes[name] for name in outcomes if name.startswith(ours)))
    return _print_score("all", outcomes.values())


def _output(mutmut: Path, folder: Path, *arguments: str) -> str:
    return subprocess.run([mutmut, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def _print_score(module: str, outcomes: Iterable[str]) -> float:
    counts = Counter(outcomes)
    noticed, tried = sum(counts[outcome] for outcome in NOTICED), counts.total()
    percent = 100 * noticed / tried if tried else 0.0
    print(f"{module:18} {noticed:4} of {tried:4} noticed, {percent:.1f} %")
    return percent


def main() -> None:
    """Work in the folder that is named, or in one that goes away again."""
    with TemporaryDirectory(prefix="foidesk-mutants-") as temporary:
        subject = sys.argv[1] if len(sys.argv) > 1 else "clock"
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        copy_to(folder, subject)
        if score(folder, subject) < LEAST[subject]:
            raise SystemExit(f"Less than {LEAST[subject]:.0f} % of the mutants were noticed.")


if __name__ == "__main__":
    main()
