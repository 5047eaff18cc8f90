"""Finding cases by what their papers say, on both databases alike."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.close import close
from service.casework.record import officer_actor
from service.casework.reply import send_reply
from service.desk import Desk
from service.domain.message import Address
from service.domain.outcome import Outcome
from service.domain.search_words import read_terms
from service.letters import Words
from service.store import search as store_search
from service.store import search_terms
from service.store.database import reading, transaction
from service.store.drafts import add_draft
from service.store.rows import change_row
from service.store.search import Wanted, cases_like, cases_numbered, search
from service.store.search_terms import glance
from service.store.tables import Case, Draft, Post
from tests.builders import a_message, an_officer, arrive, open_a_case
from tests.conftest import Time

TREES = "How many trees did the council fell in Mill Lane, and who was paid for it?"
FINES = "Please list the parking fines that the Café on Station Road has disputed."


def find(session: Session, typed: str, **rest: object) -> list[str]:
    found = search(session, Wanted(read_terms(typed), **rest))  # type: ignore[arg-type]
    assert found.total == len(found.rows)
    return [row.case.reference for row in found.rows]


@pytest.fixture
def two(desk: Desk) -> tuple[str, str]:
    """A case about trees of Harriet Bell, and a newer one about fines of Tomasz Zieliński."""
    zielinski = Address("Tomasz Zieliński", "tomasz@example.org")
    with transaction(desk.engine) as session:
        trees = open_a_case(session, desk, a_message(subject="Street works", text=TREES))
        fines = open_a_case(session, desk, a_message(subject="A question", text=FINES, sender=zielinski))
        return trees.reference, fines.reference


@pytest.mark.parametrize(
    "typed",
    [
        "trees",
        "tree",
        "felling trees",
        "mill la",
        "MILL lane PAID",
        '"mill lane"',
        "harriet trees",
        "h.bell@example.com",
        "bell@exam",
        "street works",
        "h.bell felled 24.000001",
        "01.FOI.24.000001",
    ],
)
def test_a_case_is_found_by_words_that_stand_anywhere_on_it(desk: Desk, two: tuple[str, str], typed: str) -> None:
    with reading(desk.engine) as session:
        assert find(session, typed) == [two[0]]


@pytest.mark.parametrize("typed", ["trees fines", '"lane mill"', '"mill la"', "tr", "elephants", "ees"])
def test_a_case_without_one_of_the_words_is_not_found(desk: Desk, two: tuple[str, str], typed: str) -> None:
    assert two
    with reading(desk.engine) as session:
        assert find(session, typed) == ([two[0]] if typed == "tr" else [])


@pytest.mark.parametrize("typed", ["cafe", "CAFÉ", "cafe\u0301", "zielinski", "Zieliński", "station-road", "the"])
def test_accents_capitals_and_hyphens_make_no_difference(desk: Desk, two: tuple[str, str], typed: str) -> None:
    with reading(desk.engine) as session:
        assert two[1] in find(session, typed)


def test_the_words_stand_marked_in_the_paper_that_has_them(desk: Desk, two: tuple[str, str]) -> None:
    assert two
    with reading(desk.engine) as session:
        (row,) = search(session, Wanted(read_terms("tree paid"))).rows
    assert row.source == "mail"
    assert [piece.text for piece in row.excerpt if piece.marked] == ["trees", "paid"]


def test_particulars_come_before_papers_and_one_paper_before_several(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        named = open_a_case(session, desk, a_message(subject="Bins in Oak Street", text="Hello."))
        time.pass_by(hours=1)
        together = open_a_case(session, desk, a_message(subject="A", text="The bins of Oak Road."))
        time.pass_by(hours=1)
        apart = open_a_case(session, desk, a_message(subject="Bins", text="Those of Elm Road."))
        change_row(session, apart, requester_name="Anne Oak")
        apart_too = open_a_case(
            session, desk, a_message(subject="B", text="Oak!", sender=Address("", "x@bins.example"))
        )
        order = [case.reference for case in (named, apart, apart_too, together)]
    with reading(desk.engine) as session:
        found = find(session, "bins oak")
    assert found[-1] == order[-1]
    assert set(found[:3]) == set(order[:3])


def test_of_equals_the_newest_comes_first_and_pages_hold_each_once(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        for _ in range(7):
            time.pass_by(hours=1)
            open_a_case(session, desk, a_message(text="Bins, please."))
    with reading(desk.engine) as session:
        pages = [search(session, Wanted(read_terms("bins")), page=page, size=3) for page in (1, 2, 3)]
    numbers = [row.case.number for page in pages for row in page.rows]
    assert numbers == [7, 6, 5, 4, 3, 2, 1]
    assert {page.total for page in pages} == {7}


def test_letters_and_the_newest_draft_are_searched(desk: Desk, two: tuple[str, str]) -> None:
    with transaction(desk.engine) as session:
        trees, fines = (session.exec(select(Case).where(Case.reference == reference)).one() for reference in two)
        letter = Words("Your request", "We hold a walrus of that year.\n")
        send_reply(session, desk, trees, "reply", letter, at=desk.now(), by="officer:1")
        for version, word in ((1, "ocelot"), (2, "narwhal")):
            draft = Draft(
                case_id=fines.id,
                version=version,
                kind="response",
                subject="Response",
                body=f"A {word}.",
                written_at=desk.now(),
                written_by="officer:1",
            )
            add_draft(session, draft)
    with reading(desk.engine) as session:
        assert find(session, "walrus") == [two[0]]
        assert find(session, "narwhal") == [two[1]]
        assert find(session, "ocelot") == []
        (row,) = search(session, Wanted(read_terms("narwhal"))).rows
        assert row.source == "draft"


def test_what_every_acknowledgement_says_finds_nothing(desk: Desk, two: tuple[str, str]) -> None:
    assert two
    with reading(desk.engine) as session:
        assert find(session, "internal review") == []


def test_changed_particulars_are_found_and_the_old_ones_no_more(desk: Desk, two: tuple[str, str]) -> None:
    with transaction(desk.engine) as session:
        case = session.exec(select(Case).where(Case.reference == two[0])).one()
        change_row(session, case, requester_name="Gwen Pritchard")
    with transaction(desk.engine) as session:
        assert find(session, "pritchard") == [two[0]]
        change_row(session, case, requester_name="Owen Price", subject="Felled")
    with reading(desk.engine) as session:
        assert find(session, "pritchard") == []
        assert find(session, "price felled") == [two[0]]


def test_a_mail_is_searched_from_when_it_is_filed_on_a_case(desk: Desk, two: tuple[str, str]) -> None:
    stranger = a_message(subject=f"About {two[0]}", text="A pangolin", sender=Address("", "stranger@example.net"))
    with transaction(desk.engine) as session:
        post = arrive(session, desk, stranger)
        assert post.state == "quarantined"
    with reading(desk.engine) as session:
        assert find(session, "pangolin") == []
    with transaction(desk.engine) as session:
        case_id = session.exec(select(Post.case_id).where(Post.id == post.id)).one()
        session.execute(
            text("UPDATE message SET case_id = :case WHERE post_id = :post"), {"case": case_id, "post": post.id}
        )
    with reading(desk.engine) as session:
        assert find(session, "pangolin") == [two[0]]


def test_the_index_is_rolled_back_with_its_rows(desk: Desk) -> None:
    with suppress(KeyError), transaction(desk.engine) as session:
        open_a_case(session, desk, a_message(text="A pangolin"))
        assert len(find(session, "pangolin")) == 1
        raise KeyError
    with reading(desk.engine) as session:
        assert find(session, "pangolin") == []


def test_the_finds_are_narrowed(desk: Desk, two: tuple[str, str], time: Time) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        case = session.exec(select(Case).where(Case.reference == two[0])).one()
        assign(session, desk, case, sam.id, at=desk.now(), by=officer_actor(sam.id))
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by=officer_actor(sam.id))
    day = date(2024, 6, 3)
    with reading(desk.engine) as session:
        assert find(session, "") == []
        assert find(session, "", open=True) == [two[1]]
        assert find(session, "", open=False) == [two[0]]
        assert find(session, "lane", owner_id=sam.id) == [two[0]]
        assert find(session, "cafe", owner_id=sam.id) == []
        assert find(session, "", regime="EIR") == []
        assert set(find(session, "", regime="FOIA")) == set(two)
        assert set(find(session, "", received_from=day, received_to=day)) == set(two)
        assert find(session, "", received_from=day + timedelta(days=1)) == []
        assert find(session, "", overdue_on=date(2024, 7, 1)) == []
        assert find(session, "", overdue_on=date(2024, 7, 2)) == [two[1]]


def test_a_number_alone_names_its_cases(desk: Desk, two: tuple[str, str]) -> None:
    with reading(desk.engine) as session:
        assert [case.reference for case in cases_numbered(session, 2)] == [two[1]]


def test_cases_with_the_rare_words_come_first_among_those_like_it(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        ids = [
            open_a_case(session, desk, a_message(text=words)).id
            for words in ("The council and bins", "The council and a pangolin of the zoo", "Nothing")
        ]
    with reading(desk.engine) as session:
        assert list(cases_like(session, ["council", "pangolin", "zoo"], 10)) == [ids[1], ids[0]]
        assert not cases_like(session, [], 10)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\"*-+^:(){}[]'\\/|&!<>~.,@ abAND", max_size=40),
    st.lists(
        st.sampled_from(
            ["NEAR(", "NEAR/2", "AND", "OR", "NOT", "a*", '"', '""', "x:y", "-b", "^c", "head:", "{head}:"]
        ),
        max_size=8,
    ).map(" ".join),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=HOSTILE)
def test_whatever_is_typed_is_looked_for_and_never_an_error(desk: Desk, two: tuple[str, str], typed: str) -> None:
    with reading(desk.engine) as session:
        found = search(session, Wanted(read_terms(typed)))
        cases_like(session, [term.text for term in read_terms(typed)], 5)
    assert {row.case.reference for row in found.rows} <= set(two)
    assert len(found.rows) == found.total


@pytest.mark.parametrize(
    "words",
    [
        " ".join(chr(0x20000 + n) for n in range(40_000)) + " " + " ".join(f"{n:x}" for n in range(60_000)),
        "".join(chr(0x20000 + n % 40_000) + (" " if n % 2 else "") for n in range(300_000)),
        "\u337f\ufdfa " * 120_000,
        "x" * 1_000_000,
    ],
    ids=["far letters", "pairs of them", "letters that are words", "one long word"],
)
def test_a_monstrous_mail_is_kept_and_its_subject_found(desk: Desk, words: str) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_message(subject="A monster", text=words))
        reference = case.reference
    with reading(desk.engine) as session:
        assert find(session, "monster") == [reference]


@pytest.mark.parametrize("typed", ["bins", "bins collection", "bins xylophone"])
def test_however_many_are_found_the_first_are_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    with transaction(desk.engine) as session:
        for number in range(12):
            open_a_case(session, desk, a_message(subject=f"Bins {number}", text="Which collection of bins?"))
    with reading(desk.engine) as session:
        every = search(session, Wanted(read_terms(typed)))
    monkeypatch.setattr(store_search, "MOST_FOUND", 5)
    with reading(desk.engine) as session:
        found = search(session, Wanted(read_terms(typed), open=True))
    expected = [row.case.id for row in every.rows][:5]
    assert [row.case.id for row in found.rows] == expected
    assert (found.total, found.more) == (len(expected), bool(expected))


@pytest.mark.parametrize("typed", ["bins", "bins collection", "collection"])
def test_what_many_papers_and_many_cases_have_is_found_where_few_have_both(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        for number in range(14):
            what = "Bins" if number < 8 else "Lanes"
            case = open_a_case(session, desk, a_message(subject=f"{what} {number}", text="Which collection of bins?"))
            if number >= 6:
                assign(session, desk, case, sam.id, at=desk.now(), by=officer_actor(sam.id))
    with reading(desk.engine) as session:
        wanted = Wanted(read_terms(typed), owner_id=sam.id)
        every = [row.case.id for row in search(session, wanted).rows]
        for most in range(1, 8):
            monkeypatch.setattr(store_search, "MOST_FOUND", most)
            found = search(session, wanted)
            newest = sorted(every, reverse=True)[:most]
            assert [row.case.id for row in found.rows] == [key for key in every if key in newest]
            assert (found.total, found.more) == (min(most, len(every)), most < len(every))
    assert len(every) == 8


@pytest.mark.parametrize(
    ("apart", "of_a_case", "papers"),
    [(1, 3, 1000), (100, 1, 1000), (1, 1, 0.1), (1, 3, 2)],
    ids=["of every case", "of the newest case", "among too few of the newest", "among the newest"],
)
def test_whichever_way_it_is_found_it_is_what_the_papers_say(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, apart: int, of_a_case: int, papers: float
) -> None:
    monkeypatch.setattr(search_terms, "PAPERS", papers)
    monkeypatch.setattr(search_terms, "APART", apart)  # by how many papers PostgreSQL tells which words are rare
    monkeypatch.setattr(search_terms, "PAPERS_OF_A_CASE", of_a_case)
    words, chance = ("anvil", "bugle", "cello"), Random(7)

    def some(most: int) -> str:
        return " ".join(["Please", *chance.sample(words, chance.randint(0, most))])

    with transaction(desk.engine) as session:
        sam = an_officer(session)
        for _ in range(30):
            case = open_a_case(session, desk, a_message(subject=some(2), text=some(1)))
            if chance.random() < 0.5:
                assign(session, desk, case, sam.id, at=desk.now(), by=officer_actor(sam.id))
            if chance.random() < 0.3:
                send_reply(session, desk, case, "reply", Words("Yours", some(2)), at=desk.now(), by="officer:1")
        session.execute(text("ANALYZE search_entry"))
    with reading(desk.engine) as session:
        said: dict[int, list[tuple[bool, set[str]]]] = {}
        for case_id, source, head, written in session.execute(
            text("SELECT case_id, source, head, words FROM search_entry")
        ):
            said.setdefault(case_id, []).append((source == "case", {*f"{head} {written}".casefold().split()}))
        owners = dict(session.exec(select(Case.id, Case.owner_id)).all())

        def place(key: int, asked: set[str]) -> int | None:
            """Where a case stands among what is found; None when it is not."""
            if not asked <= set().union(*(there for _, there in said[key])):
                return None
            return min((0 if own else 1 for own, there in said[key] if asked <= there), default=2)

        for most, owner, number in product((1, 4, 2000), (None, sam.id), (1, 2, 3)):
            monkeypatch.setattr(store_search, "MOST_FOUND", most)
            for asked in combinations(words, number):
                places = {key: place(key, {*asked}) for key in said if owner in (None, owners[key])}
                every = [key for key, at in places.items() if at is not None]
                wanted = Wanted(read_terms(" ".join(asked)), owner_id=owner)
                found = search(session, wanted, size=100)
                assert (found.total, found.more) == (min(most, len(every)), len(every) > most)
                if not found.more:
                    assert [row.case.id for row in found.rows] == sorted(every, key=lambda key: (places[key], -key))


def test_a_word_that_many_papers_have_is_not_taken_for_a_beginning(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(desk.engine) as session:
        subjects = ["Contractors", *["A contract"] * 3, "Contractors"]
        made = [open_a_case(session, desk, a_message(subject=subject, text="Which?")).reference for subject in subjects]
        with_builders, contracts = [made[4], made[0]], made[3:0:-1]
        assert find(session, "contract") == sorted(made, reverse=True)
        for most in (1, 2):
            monkeypatch.setattr(store_search, "MOST_FOUND", most)
            assert find(session, "contract") == contracts[:most]
            assert find(session, "contract", open=True) == contracts[:most]
            assert find(session, "contracto") == with_builders[:most]
        monkeypatch.setattr(store_search, "MOST_FOUND", 1000)
        assert find(session, "contract") == sorted(made, reverse=True)


@pytest.mark.parametrize("enough", [-1, 10**12], ids=["from the newest papers", "from the index"])
def test_postgresql_finds_the_same_either_way(desk: Desk, monkeypatch: pytest.MonkeyPatch, enough: int) -> None:
    monkeypatch.setattr(search_terms, "ENOUGH", enough)
    with transaction(desk.engine) as session:
        made = [
            open_a_case(session, desk, a_message(subject=subject, text=f"{words} bins")).reference
            for subject, words in (("Bins", "Green"), ("Lanes", "Blue"), ("Bins", "Blue"), ("Lanes", "Green"))
        ]
        assert find(session, "bins") == [made[2], made[0], made[3], made[1]]
        assert find(session, "blue bin") == [made[2], made[1]]


def test_how_common_a_word_is_is_told_from_papers_of_many_cases(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_terms, "APART", 1)
    monkeypatch.setattr(search_terms, "ENOUGH", 5)
    monkeypatch.setattr(search_terms, "MANY", 5)
    asked = desk.engine.dialect.name != "sqlite"
    with transaction(desk.engine) as session:
        for number in range(12):
            open_a_case(session, desk, a_message(subject=f"Bins {number}", text="Please tell me of bins"))
        newest = open_a_case(session, desk, a_message(subject="Trees", text="How many?"))
        for _ in range(30):
            send_reply(session, desk, newest, "reply", Words("Yours", "More"), at=desk.now(), by="officer:1")
        session.execute(text("ANALYZE search_entry"))
        bins, xylophone = read_terms("bins"), read_terms("xylophone")
        assert glance(session, bins).met_soon
        assert glance(session, bins).often == (bins if asked else ())
        assert glance(session, (*xylophone, *bins)).whole_met is not asked
        assert glance(session, xylophone).met_soon is not asked
        assert glance(session, xylophone).seldom == ()  # it may begin other words
        both = read_terms("xylophone bins")
        assert glance(session, both).seldom == (both[:1] if asked else ())
