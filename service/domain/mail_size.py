"""How large a mail becomes: files grow by more than a third on their way (RFC 2045, 6.8)."""

from collections.abc import Iterable

LINE, ENCODED_LINE = 57, 78  # bytes of a file on one line of base64, and what the line takes with its end
OF_A_PART = 1_000  # bytes of the headers around a file
OF_THE_REST = 100_000  # bytes that a letter's words and headers are given
OF_OUR_PDF = 200_000  # bytes that the same words are given as a PDF


def encoded_size(size: int) -> int:
    """How many bytes a file of `size` bytes takes in a mail, its own few headers included."""
    return -(-size // LINE) * ENCODED_LINE + OF_A_PART


def mail_size(sizes: Iterable[int]) -> int:
    """How many bytes a letter takes at most with files of these sizes."""
    return OF_THE_REST + sum(map(encoded_size, sizes))


def room_for_files(largest: int) -> int:
    """How many bytes one file may have to go into a mail of `largest` bytes with our own PDF."""
    return max(0, (largest - mail_size([OF_OUR_PDF]) - OF_A_PART) // ENCODED_LINE * LINE)
