# Every target sets up what it needs: Python 3.11 or newer, pip and make are all that must be there.
PYTHON ?= python3
# Where nothing compiled is kept, each start of a command takes a second longer.
export PYTHONDONTWRITEBYTECODE =
BIN := .venv/bin

.PHONY: setup demo test test-soak check mutants pictures lock clean

setup: .venv/installed

.venv/installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "foidesk needs Python 3.11 or newer; say make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# uv only makes it quicker: without it pip does the same from the same lock.
	@$(BIN)/pip install --quiet --disable-pip-version-check uv 2>/dev/null || true
	@if test -x $(BIN)/uv; then VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock; \
	else $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock; fi
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	@$(BIN)/foidesk demo $(WITH)

test: setup
	@$(BIN)/python -m pytest -n 5 --dist worksteal $(PYTEST_MORE)

test-soak: setup
	@$(BIN)/python -m pytest -m soak tests/soak tests/e2e tests/integration

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@# Side by side: mypy keeps one processor busy for half a minute.
	@$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest -q -n 2 tests/house; house=$$?; wait $$types && exit $$house

mutants: setup
	@$(BIN)/python -m tools.mutants

pictures: setup
	@$(BIN)/python -m tools.pictures

lock: setup
	@for out in requirements.lock requirements-dev.lock; do \
	  group=""; test $$out = requirements.lock || group="--group dev"; \
	  VIRTUAL_ENV=.venv $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra postgres --extra demo --extra microsoft --extra google $$group pyproject.toml -o $$out; done
	@printf 'mutmut==3.8.1\npytest\nhypothesis\nholidays\n' | VIRTUAL_ENV=.venv $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -c requirements-dev.lock - -o tools/mutants.lock

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .hypothesis
