import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.search_words import MOST_TERMS, Term, excerpt, read_terms, terms_in


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", ()),
        ("  ?  * - ", ()),
        ("trees", (Term("trees", prefix=True),)),
        ("felled trees", (Term("felled"), Term("trees", prefix=True))),
        ("plan b", (Term("plan"), Term("b"))),
        ('"school transport" cost', (Term("school transport"), Term("cost", prefix=True))),
        ('cost "school transport"', (Term("cost"), Term("school transport"))),
        ('"school transport', (Term("school"), Term("transport", prefix=True))),
        ("h.bell@example.com", (Term("h.bell@example.com", prefix=True),)),
        ("NEAR(a, b) AND x:y", (Term("NEAR(a,"), Term("b)"), Term("AND"), Term("x:y", prefix=True))),
    ],
)
def test_what_is_typed_is_read_as_words_and_never_as_operators(typed: str, terms: tuple[Term, ...]) -> None:
    assert read_terms(typed) == terms


@given(st.text())
def test_any_text_gives_few_terms_with_words_in_them(typed: str) -> None:
    terms = read_terms(typed)
    assert len(terms) <= MOST_TERMS
    for term in terms:
        assert '"' not in term.text
        assert any(letter.isalnum() for letter in term.text)
        term.text.encode()


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("How many trees were felled?", "tree felling", ["trees", "felled"]),
        ("The policies of 2023", "policy", ["policies"]),
        ("Café fines", "cafe fine", ["Café", "fines"]),
        ("Transportation of pupils", "transp", ["Transportation"]),
        ("Partly open", "art", []),
    ],
)
def test_the_forms_of_a_word_are_marked(text: str, typed: str, marked: list[str]) -> None:
    assert [piece.text for piece in excerpt(text, read_terms(typed)) if piece.marked] == marked


def test_an_excerpt_begins_shortly_before_the_first_match_and_says_what_it_leaves_out() -> None:
    text = "word " * 100 + "the trees of Mill Lane" + " word" * 100
    shown = "".join(piece.text for piece in excerpt(text, read_terms("trees")))
    assert shown.startswith("… word")
    assert "the trees of Mill Lane" in shown
    assert shown.endswith(" …")
    assert len(shown) < 260


def test_a_text_without_the_words_shows_its_beginning() -> None:
    assert "".join(piece.text for piece in excerpt("Dear team, hello.", read_terms("trees"))) == "Dear team, hello."


@given(st.text(max_size=600), st.text(max_size=30))
def test_an_excerpt_is_a_part_of_its_text(text: str, typed: str) -> None:
    shown = "".join(piece.text for piece in excerpt(text, read_terms(typed)))
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(text.split())


def test_the_terms_of_a_text_are_counted() -> None:
    assert terms_in("How many trees were felled?", read_terms("tree parks felled")) == 2


def test_a_reference_may_still_be_being_typed() -> None:
    assert read_terms("01.FOI.2") == (Term("01.FOI.2", prefix=True),)
    assert read_terms("bell b") == (Term("bell"), Term("b"))


SOME = st.text(alphabet="abcit ,-'1_A\n", max_size=60)


@given(SOME, SOME)
def test_a_text_with_an_accent_elsewhere_has_the_same_words(text: str, typed: str) -> None:
    terms = read_terms(typed)
    assert terms_in(text, terms) == terms_in(f"{text} é", terms)
    if text and not text[0].isspace():
        marked, others = excerpt(text, terms), excerpt(f"{text} é", terms)
        assert [piece for piece in marked if piece.marked] == [piece for piece in others if piece.marked]
        assert "".join(piece.text for piece in marked) == " ".join(text.split())


def test_a_word_that_begins_as_a_shorter_one_is_shown_once() -> None:
    pieces = excerpt("An item it is.", read_terms("it items it"))
    assert [piece.text for piece in pieces if piece.marked] == ["item", "it"]
    assert "".join(piece.text for piece in pieces) == "An item it is."
