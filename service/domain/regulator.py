"""Who decides complaints under each regime, and what the law calls the right to go to them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from service.domain.regime import SCOTTISH, Regime


@dataclass(frozen=True, slots=True)
class Regulator:
    """A regulator as our letters name it, from a day on.

    `right` is a clause that begins with "you", `appeal` a sentence on what lies against the regulator's decision, empty
    where the law does not ask a letter to tell. `after_review` says that nobody may go to it before a review.
    """

    name: str
    address: str
    website: str
    decides: str  # who it is that decides, in a sentence: "the Information Commissioner"
    since: date = date.min
    after_review: bool = False
    right: str = ""
    appeal: str = ""


# A body is renamed by statute: s.119 of the Data (Use and Access) Act 2025 transfers the Information Commissioner's
# functions to an Information Commission on a day that regulations appoint. A row with that day goes after the first.
_UNITED_KINGDOM = (
    Regulator(
        "Information Commissioner's Office",
        "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF",
        "https://ico.org.uk",
        "the Information Commissioner",
    ),
)
_SCOTLAND = (
    Regulator(
        "Scottish Information Commissioner",
        "Kinburn Castle, Doubledykes Road, St Andrews, Fife KY16 9DS",
        "https://www.foi.scot",
        "the Scottish Information Commissioner",
        after_review=True,  # s.47(1): by the outcome of the review, or by our failure to give it
    ),
)
_RIGHTS: Mapping[Regime, str] = {
    Regime.FOIA: "you may apply to {decides} for a decision (section 50 of the Act)",
    # The Regulations have no such right of their own: they apply Part IV and section 50 of the Act of 2000.
    Regime.EIR: "you may apply to {decides} for a decision (section 50 of the Freedom of Information Act 2000, which "
    "regulation 18 of the Regulations applies)",
    Regime.FOISA: "you may apply to {decides} within six months (section 47(1) of the Act)",
    Regime.EISR: "you may apply to {decides} within six months (section 47(1) of the Freedom of Information (Scotland) "
    "Act 2002, which regulation 17 of the Regulations applies)",
}
_APPEALS: Mapping[Regime, str] = {
    # Reg 14(5)(b): a refusal tells of "the enforcement and appeal provisions of the Act applied by regulation 18".
    Regime.EIR: "The enforcement and appeal provisions of the Freedom of Information Act 2000 apply (regulation 18 of "
    "the Regulations): {decides} can order us to comply, and you may appeal against a decision of {decides} to the "
    "First-tier Tribunal (section 57 of that Act).",
    # S.21(10): the outcome of a review tells of the rights "of appeal conferred by sections 47(1) and 56".
    Regime.FOISA: "Against a decision of {decides} you may appeal to the Court of Session, on a point of law only "
    "(section 56 of the Act).",
    # Reg 13(e): as under the Regulations for the rest of the United Kingdom.
    Regime.EISR: "The enforcement and appeal provisions of the Freedom of Information (Scotland) Act 2002 apply "
    "(regulation 17 of the Regulations): {decides} can order us to comply, and you may appeal against a decision of "
    "{decides} to the Court of Session, on a point of law only (section 56 of that Act).",
}


def regulator(regime: Regime | str, on: date) -> Regulator:
    """The regulator of a regime on a day."""
    law = Regime(regime)
    rows = _SCOTLAND if law in SCOTTISH else _UNITED_KINGDOM
    row = [row for row in rows if row.since <= on][-1]
    right, appeal = _RIGHTS[law], _APPEALS.get(law, "")
    return replace(row, right=right.format(decides=row.decides), appeal=appeal.format(decides=row.decides))
