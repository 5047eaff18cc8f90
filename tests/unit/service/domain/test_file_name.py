import pytest

from service.domain.file_name import LONGEST, content_type, plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("trees.xlsx", "trees.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\pay 2024.xlsx", "pay 2024.xlsx"),
        ("letter\u202efdp.exe", "letterfdp.exe"),
        ("a\r\nBcc: x@example.org.pdf", "aBcc_ x@example.org.pdf"),
        ('say "hi"?.pdf', "say _hi__.pdf"),
        ("  .hidden.pdf. ", "hidden.pdf"),
        ("Ändern  Sie.pdf", "Ändern Sie.pdf"),
        ("\x00", "file"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_a_name_loses_its_folders_and_what_deceives(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_long_name_keeps_its_ending() -> None:
    plain = plain_name("x" * 400 + ".xlsx")
    assert len(plain) == LONGEST and plain.endswith("x.xlsx")


def test_the_type_goes_by_the_ending() -> None:
    assert content_type("Trees.PDF") == "application/pdf"
    assert content_type("trees.exe") == content_type("trees") == "application/octet-stream"
