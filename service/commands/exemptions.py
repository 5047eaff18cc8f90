"""`foidesk exemptions`: the limbs of the law that a refusal can rest on; needs no settings and no database."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

import click

from service.commands.telling import columns
from service.commands.typed import Refused
from service.domain.exemptions import Law, Need, Provision, Purpose, Status, law_of, word_for_section
from service.domain.regime import Regime
from service.domain.timeline import say

REGIMES = [regime.value for regime in Regime]
STATUS_WORDS = {Status.NEITHER: "no exemption"}


@click.command()
@click.argument("section", required=False, default="")
@click.option("--regime", type=click.Choice(REGIMES, case_sensitive=False), default="FOIA", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def exemptions(section: str, regime: str, as_json: bool) -> None:
    """List the limbs that a refusal can rest on; with a SECTION such as 31 or 40(2), say what each of them needs.

    Each limb has its status (whether a public interest test stands between), its basis (class or prejudice), and the
    limb that lifts the duty to confirm or deny for it. Limbs are paraphrased; legislation.gov.uk has the text in force.
    """
    law = law_of(Regime(regime.upper()))
    chosen = _chosen(law, section)
    if as_json:
        click.echo(json.dumps(_as_dict(law, chosen), indent=2, ensure_ascii=False))
        return
    click.echo(f"{law.regime.rules.title}, edition {law.edition}")
    for line in _lines(law, chosen, in_full=bool(section)):
        click.echo(line)


def _chosen(law: Law, section: str) -> Sequence[Provision]:
    """The limbs of a section, or under a citation; those of s.31 for "31", "s31" and "31(1)" alike."""
    wanted = re.sub(r"^(?:sections?|ss?|regulations?|regs?)\.?\s*(?=\d)|\s+", "", section.strip(), flags=re.IGNORECASE)
    chosen = [limb for limb in law.provisions if not wanted or _is_under(limb, wanted)]
    if not chosen:
        sections = ", ".join(dict.fromkeys(limb.section for limb in law.provisions))
        raise Refused(f"{section!r} is nothing that a refusal rests on; there are {sections}.")
    return chosen


def _is_under(limb: Provision, wanted: str) -> bool:
    citation, sought = limb.citation.replace(" ", "").lower(), wanted.lower()
    return sought == limb.section.lower() or citation == sought or citation.startswith((f"{sought}(", f"{sought}and"))


def _lines(law: Law, chosen: Sequence[Provision], *, in_full: bool) -> Iterator[str]:
    word = word_for_section(law.regime).capitalize()
    for section, group in groupby(chosen, key=lambda limb: limb.section):
        limbs = list(group)
        yield ""
        yield f"{word} {section}  {limbs[0].title}"
        for line, limb in zip(columns([_cells(limb) for limb in limbs]), limbs, strict=True):
            yield f"  {line}"
            if in_full:
                yield from (f"      {said}" for said in _said(limb))
        if in_full:
            yield from _purposes(law, limbs)


def _cells(limb: Provision) -> tuple[str, ...]:
    status = STATUS_WORDS.get(limb.status, limb.status.value)
    duty = "lifts the duty" if limb.denies else f"NCND {limb.denial}" if limb.denial else "no NCND"
    return limb.citation, status, limb.basis.value, duty, limb.limb


def _said(limb: Provision) -> Iterator[str]:
    """What a decision on a limb must say, and what to know of it."""
    if limb.needs:
        yield f"Say: {', '.join(need.value for need in Need if need in limb.needs)}."
    if limb.since > date.min:
        yield f"In force from {say(limb.since)}."
    if limb.note:
        yield limb.note


def _purposes(law: Law, limbs: Sequence[Provision]) -> Iterator[str]:
    rows = [(purpose.citation, purpose.words) for purpose in _leant_on(law, limbs)]
    if rows:
        yield "  Purposes:"
        yield from (f"  {line}" for line in columns(rows))


def _leant_on(law: Law, limbs: Sequence[Provision]) -> Sequence[Purpose]:
    """The purposes that one of the limbs asks to be named."""
    return law.purposes if any(Need.PURPOSE in limb.needs for limb in limbs) else ()


def _as_dict(law: Law, chosen: Sequence[Provision]) -> dict[str, object]:
    return {
        "regime": law.regime.value,
        "law": law.regime.rules.title,
        "edition": law.edition,
        "limbs": [_row(limb) for limb in chosen],
        "purposes": [{"citation": row.citation, "words": row.words} for row in _leant_on(law, chosen)],
    }


def _row(limb: Provision) -> dict[str, object]:
    return {
        "citation": limb.citation,
        "section": limb.section,
        "title": limb.title,
        "limb": limb.limb,
        "status": limb.status.value,
        "basis": limb.basis.value,
        "denies": limb.denies,
        "denial": limb.denial or None,
        "needs": [need.value for need in Need if need in limb.needs],
        "since": limb.since.isoformat() if limb.since > date.min else None,
        "note": limb.note,
    }
