"""The grounds on which the law lets an authority refuse, limb by limb, from reviewed data files."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from service.domain.citations import Citations
from service.domain.regime import Regime
from service.errors import DeskError


class NoSuchProvision(DeskError):
    """The {title} has no limb {citation} that a decision can rest on."""


class LawDataFault(DeskError):
    """The file of the law {name} cannot be used: {reason}."""


class Status(StrEnum):
    """Whether a public interest test stands between the limb and a refusal (s.2 FOIA, reg 12(1)(b) EIR)."""

    ABSOLUTE = "absolute"
    QUALIFIED = "qualified"
    NEITHER = "neither"  # no exemption at all: the cost limit, vexatious requests, information that is not held


class Basis(StrEnum):
    """What engages the limb: that information is of a kind, or what would follow if it were disclosed."""

    CLASS = "class"
    PREJUDICE = "prejudice"


class Need(StrEnum):
    """What a decision that relies on a limb must say; a Ground's particulars are keyed by these values."""

    PIT = "public interest test"
    HARM = "harm"
    QUALIFIED_PERSON = "qualified person"
    OPINION = "opinion"
    OPINION_ON = "opinion given on"
    ENACTMENT = "enactment"
    LINK = "link"
    PRINCIPLE = "data protection principle"
    PURPOSE = "purpose"
    ESTIMATE = "estimate"
    ADVICE = "advice"
    BODY = "body"
    WHEN = "when"
    EXEMPTION = "exemption if held"  # the one that a notice under s.18 FOISA or reg 10(8) EISR names


@dataclass(frozen=True, slots=True)
class Provision:
    """One limb that a decision can rest on; `denial` is the limb that lifts the duty to confirm or deny for it.

    `lead` goes before `limb` in a sentence: the provision applies `to information that is` `a trade secret`.
    """

    regime: Regime
    citation: str
    section: str
    title: str
    lead: str
    limb: str
    status: Status
    basis: Basis
    denies: bool = False
    denial: str = ""
    needs: frozenset[Need] = frozenset()
    note: str = ""
    since: date = date.min

    @property
    def cited(self) -> str:
        """As a letter names it: section 31(1)(a), regulation 12(5)(e)."""
        return f"{word_for_section(self.regime)} {self.citation}"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One of the purposes that a limb about an authority's functions leans on (s.31(2) FOIA, s.35(2) FOISA)."""

    citation: str
    words: str


@dataclass(frozen=True, slots=True)
class Law:
    """What one regime offers, in the order of the statute."""

    regime: Regime
    edition: str
    provisions: tuple[Provision, ...]
    purposes: tuple[Purpose, ...]
    citations: Citations

    def provision(self, citation: str) -> Provision:
        """The limb of a citation such as "31(1)(a)"; raises NoSuchProvision, also for a section without its limb."""
        for provision in self.provisions:
            if provision.citation == citation:
                return provision
        raise NoSuchProvision(title=self.regime.rules.title, citation=citation)

    def of_section(self, section: str) -> tuple[Provision, ...]:
        """The limbs of one section or regulation, none when the law has nothing there to rely on."""
        return tuple(provision for provision in self.provisions if provision.section == section)

    def find(self, text: str) -> tuple[str, ...]:
        """The citations that a text names, each once, in order.

        Where the words stop short of a limb they are given as far as they go: "31", "40(2)". Sections of this law that
        no refusal rests on (s.1, s.17, s.50) and those of other laws are passed over.
        """
        return self.citations.find(text)


def law_of(regime: Regime | str) -> Law:
    """The limbs of a regime; raises LawDataFault when the shipped file has been damaged."""
    return _shipped(Regime(regime))


def word_for_section(regime: Regime) -> str:
    """What the regime's law is divided into."""
    return "section" if regime in (Regime.FOIA, Regime.FOISA) else "regulation"


@cache
def _shipped(regime: Regime) -> Law:
    name = f"{regime.value.lower()}.toml"
    return read_law(regime, (files("service.domain") / "law_data" / name).read_text(encoding="utf-8"), name)


def read_law(regime: Regime, text: str, name: str) -> Law:
    """The law of a file like law_data/foia.toml; raises LawDataFault."""
    try:
        data = tomllib.loads(text)
        provisions = tuple(provision for section in data["sections"] for provision in _limbs(regime, section, data))
        purposes = tuple(Purpose(row["citation"], row["words"]) for row in data.get("purposes", ()))
        edition = str(data["edition"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise LawDataFault(name=name, reason=f"{type(error).__name__}: {error}") from error
    _refuse_twice(name, [provision.citation for provision in provisions])
    found = Citations.of(word_for_section(regime), regime.rules.title, [row.citation for row in provisions])
    return Law(regime, edition, provisions, purposes, found)


def _limbs(regime: Regime, section: Mapping[str, object], law: Mapping[str, object]) -> Iterator[Provision]:
    """A section's limbs; what they do not say themselves the section says for all of them."""
    shared = {name: value for name, value in section.items() if name != "limbs"}
    limbs = section["limbs"]
    if not isinstance(limbs, list):
        raise TypeError("the limbs are no list")
    for limb in limbs:
        yield _provision(regime, {**shared, **limb}, str(law["prejudice"]))


def _provision(regime: Regime, row: Mapping[str, object], prejudice: str) -> Provision:
    unknown = row.keys() - _COLUMNS
    if unknown:
        raise ValueError(f"{row.get('citation')} says {', '.join(sorted(unknown))}, which means nothing")
    status, basis, denies = Status(str(row["status"])), Basis(str(row["basis"])), row.get("denies") is True
    since = row.get("since", date.min)
    if not isinstance(since, date):
        raise TypeError(f"{since} is not a date")
    return Provision(
        regime=regime,
        citation=str(row["citation"]),
        section=str(row["section"]),
        title=str(row["title"]),
        lead=_lead(row, basis, prejudice),
        limb=str(row["limb"]),
        status=status,
        basis=basis,
        denies=denies,
        denial="" if denies else str(row.get("denial", "")),
        needs=_needs(status, basis, row.get("needs", ())),
        note=str(row.get("note", "")),
        since=since,
    )


def _lead(row: Mapping[str, object], basis: Basis, prejudice: str) -> str:
    if row.get("denies") is True:
        return "where"  # what these say is what confirming or denying would do
    return str(row.get("lead", prejudice) if basis is Basis.PREJUDICE else row["lead"])


_COLUMNS = {
    "citation", "section", "title", "lead", "limb", "status", "basis", "denies", "denial", "needs", "note", "since",
}  # fmt: skip


def _needs(status: Status, basis: Basis, named: object) -> frozenset[Need]:
    """What a file names, with what follows from the limb's nature."""
    if not isinstance(named, list | tuple):
        raise TypeError("needs are no list")
    needs = {Need(name) for name in named}
    if status is Status.QUALIFIED:
        needs.add(Need.PIT)
    if basis is Basis.PREJUDICE:
        needs.add(Need.HARM)
    return frozenset(needs)


def _refuse_twice(name: str, citations: Iterable[str]) -> None:
    seen: set[str] = set()
    for citation in citations:
        if citation in seen:
            raise LawDataFault(name=name, reason=f"{citation} stands there twice")
        seen.add(citation)
