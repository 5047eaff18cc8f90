import pytest
from werkzeug.http import parse_options_header

from web.downloads import disposition


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("Plan – Mühle.pdf", "Plan – Mühle.pdf"),
        ('a"b.pdf', "a_b.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("x\r\nSet-Cookie: a=b", "x__Set-Cookie_ a=b"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("", "file"),
        (" . ", "file"),
    ],
)
def test_a_strangers_file_name_is_made_safe_and_survives_the_header(name: str, kept: str) -> None:
    header = disposition(name)
    assert "\r" not in header and "\n" not in header
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert options["filename"] == kept


def test_a_long_name_keeps_its_extension() -> None:
    _, options = parse_options_header(disposition("x" * 500 + ".pdf"))
    assert options["filename"] == "x" * 146 + ".pdf"
