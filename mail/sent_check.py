"""The letter checker on mail that has gone: its words and those of the letters that came with it, outside any lock."""

from collections.abc import Callable

from service.casework.sent_answers import check_sent_answer, texts_wanted
from service.desk import Desk
from service.store.database import reading, transaction
from service.store.originals import read_chunks
from service.store.sent import lock_answer, unchecked_answers

AT_ONCE = 20
LARGEST = 20_000_000  # bytes of a file
MOST_FILES = 5  # of one mail: the letter is among the first


def check_sent(desk: Desk, read: Callable[[bytes], str]) -> int:
    """Check every mail not checked yet, and ask its case's owner whether it was the answer; returns how many.

    `read` gives the words of a Word or PDF file, and none of what it cannot read.
    """
    done = 0
    while some := _unchecked(desk):
        for case_id, message_id in some:
            done += _check(desk, read, case_id, message_id)
    return done


def _unchecked(desk: Desk) -> list[tuple[int, int]]:
    with reading(desk.engine) as session:
        return [(one.case_id, one.message_id) for one in unchecked_answers(session, AT_ONCE)]


def _check(desk: Desk, read: Callable[[bytes], str], case_id: int, message_id: int) -> bool:
    texts = _texts(desk, read, message_id)
    with transaction(desk.engine) as session:
        answer = lock_answer(session, case_id, message_id)
        if answer.checked_at is not None:
            return False  # another worker was quicker
        check_sent_answer(session, desk, answer, texts, at=desk.now())
    return True


def _texts(desk: Desk, read: Callable[[bytes], str], message_id: int) -> dict[str, str]:
    found: dict[str, str] = {}
    with reading(desk.engine) as session:
        wanted = [one for one in texts_wanted(session, message_id) if one[2] <= LARGEST][:MOST_FILES]
        contents = {name: b"".join(read_chunks(session, digest)) for name, digest, _ in wanted}
    for name, content in contents.items():
        if words := read(content):
            found[name] = words
    return found
