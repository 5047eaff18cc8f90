"""`foidesk check-letter`, as it is typed."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from service.commands.check_letter import check_letter
from service.documents.reading import LARGEST
from service.domain.notice_check import RULES
from tests.unit.service.domain.notice_check.spoilt import good

SPOILT = "Dear requester,\n\nWe refuse your request under section 43(2) of the Freedom of Information Act 2000.\n"


def run(*words: str, typed: bytes = b"") -> Result:
    return CliRunner().invoke(check_letter, words, input=typed)


def test_a_good_letter_ends_with_0_and_has_every_rule(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(good("part_refusal"), encoding="utf-8")
    result = run(str(letter), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["regime"], told["blocked"]) == ("FOIA", False)
    assert {one["rule"] for one in told["results"]} == {rule.id for rule in RULES}


def test_what_stands_against_a_letter_is_told_with_its_section_and_ends_with_1() -> None:
    result = run("-", typed=SPOILT.encode())
    assert result.exit_code == 1
    assert "Stands against sending it" in result.output
    for rule, section in (("R3", "s.17(1)(c)"), ("R4", "s.17(3)(b)"), ("R8", "s.17(7)(a)"), ("R9", "s.17(7)(b)")):
        assert rule in result.output
        assert section in result.output


def test_the_law_can_be_named() -> None:
    named = json.loads(run("-", "--regime", "eir", "--json", typed=SPOILT.encode()).output)
    guessed = json.loads(run("-", "--json", typed=SPOILT.encode()).output)
    assert (named["regime"], guessed["regime"]) == ("EIR", "FOIA")
    assert "R17" in {one["rule"] for one in named["results"] if one["verdict"] == "block"}


def test_a_word_file_is_judged_as_its_words_are(tmp_path: Path) -> None:
    document = Document()
    for line in SPOILT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "letter.docx"))
    in_word, in_text = (
        json.loads(result.output)["results"]
        for result in (run(str(tmp_path / "letter.docx"), "--json"), run("-", "--json", typed=SPOILT.encode()))
    )
    assert [(one["rule"], one["verdict"]) for one in in_word] == [(one["rule"], one["verdict"]) for one in in_text]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no words in it"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"%PDF-1.7 and no more", "damaged"),
        (b"\x00\x01\x02\xff" * 100, "no letter"),
        (b"a" * (LARGEST + 1), "larger than"),
    ],
    ids=["empty", "a damaged Word file", "a damaged PDF", "no text", "too large"],
)
def test_what_is_no_letter_is_refused_in_a_sentence_and_ends_with_2(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "letter"
    file.write_bytes(content)
    result = run(str(file))
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["", "nowhere.txt"], ids=["a folder", "no file"])
def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    result = run(str(tmp_path / name))
    assert result.exit_code == 2
    assert "cannot be read" in result.output


def test_a_word_file_that_unpacks_to_very_much_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "letter.docx"
    Document().save(str(bomb))
    with zipfile.ZipFile(bomb) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, b" " * 100_000_000 if name == "word/document.xml" else content)
    result = run(str(bomb))
    assert result.exit_code == 2
    assert "cannot be read" in result.output
