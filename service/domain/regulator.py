"""Who decides complaints under each regime, and what the law calls the right to go to them."""

from dataclasses import dataclass
from datetime import date

from service.domain.regime import Regime


@dataclass(frozen=True, slots=True)
class Regulator:
    """A regulator as our letters name it, from a day on; `right` is a clause that begins with "you"."""

    name: str
    address: str
    website: str
    right: str
    since: date = date.min


# A body is renamed by statute: s.119 of the Data (Use and Access) Act 2025 transfers the Information Commissioner's
# functions to an Information Commission on a day that regulations appoint. A row with that day goes after the first.
_UNITED_KINGDOM = (
    Regulator(
        "Information Commissioner's Office",
        "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF",
        "https://ico.org.uk",
        "you may apply to the Information Commissioner for a decision (section 50 of the Act)",
    ),
)
_SCOTLAND = (
    Regulator(
        "Scottish Information Commissioner",
        "Kinburn Castle, Doubledykes Road, St Andrews, Fife KY16 9DS",
        "https://www.foi.scot",
        "you may apply to the Scottish Information Commissioner within six months (section 47 of the Act)",
    ),
)


def regulator(regime: Regime | str, on: date) -> Regulator:
    """The regulator of a regime on a day."""
    rows = _SCOTLAND if Regime(regime) in (Regime.FOISA, Regime.EISR) else _UNITED_KINGDOM
    return [row for row in rows if row.since <= on][-1]
