from base64 import encodebytes

import pytest

from service.domain.mail_size import OF_OUR_PDF, encoded_size, mail_size, room_for_files


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 1_000_000])
def test_a_file_is_never_larger_in_a_mail_than_was_said(size: int) -> None:
    lines = encodebytes(bytes(size)).replace(b"\n", b"\r\n")
    assert len(lines) <= encoded_size(size) <= len(lines) + 1_100


def test_what_one_file_may_have_fits_with_our_own_pdf_and_a_byte_more_may_not() -> None:
    most = room_for_files(25_000_000)
    assert mail_size([OF_OUR_PDF, most]) <= 25_000_000 < mail_size([OF_OUR_PDF, most + 57])
    assert 17_900_000 < most < 18_100_000
    assert room_for_files(100) == 0
