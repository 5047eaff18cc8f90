"""What the API can be asked: each parameter as it is read, refused and documented."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.domain.promptness import Promptness
from service.domain.regime import Regime
from service.errors import DeskError
from service.store.worklist import Days, Narrowing, Selection, View
from web.forms import LONGEST_LINE, clean
from web.narrowing import LONGEST_CITATION
from web.standings import not_soon

LARGEST = 10**18 - 1
PLACE = r"^[1-9][0-9]{0,5}~[0-9]{1,18}$"  # a day by its number, and a key: any such is a place
QUARTER = r"^(200[5-9]|20[1-9][0-9]|21[0-9][0-9])Q[1-4]$"
USUAL, MOST = 100, 500  # on a page
_NOBODY = 0  # views that are somebody's own are not offered


class QueryUnfit(DeskError):
    """The query cannot be used: see the faults of its parameters."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


def _written(pattern: str, how: str) -> BeforeValidator:
    """Refuse what the library would let pass: a day as a count of seconds, a number with a point."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError(f"must be {how}")
        return value

    return BeforeValidator(check)


Day = Annotated[date, _written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2026-11-01")]
Key = Annotated[int, Field(ge=0, le=LARGEST), _written(r"(0|[1-9][0-9]{0,17})", "a whole number")]
Whole = Annotated[int, _written(r"(0|[1-9][0-9]{0,17})", "a whole number")]
YesNo = Annotated[bool, _written(r"true|false", "true or false")]


class Query(BaseModel):
    """The parameters of an address; an unknown, a repeated or an unfit one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        """Raises QueryUnfit, naming every fault."""
        repeated = {name: "may be given once" for name, every in values.lists() if len(every) > 1}
        if repeated:
            raise QueryUnfit(repeated)
        try:
            return cls.model_validate(values.to_dict())
        except ValidationError as error:
            raise QueryUnfit(
                {".".join(map(str, one["loc"])): one["msg"].removeprefix("Value error, ") for one in error.errors()}
            ) from None


class Nothing(Query):
    """No parameters."""


class Narrowed(Query):
    """What of the cases is wanted, as the desk's lists filter them."""

    mailbox: str | None = Field(None, max_length=LONGEST_LINE, description="The account that the cases came by.")
    regime: Regime | None = Field(None, description="The law they run under.")
    requests_only: YesNo = Field(
        False, description="Leave out internal reviews, complaints, and what was found to be no request."
    )
    owner: Key | None = Field(None, description="The id of the officer who has them.")
    received_from: Day | None = None
    received_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    limit: Whole = Field(USUAL, ge=1, le=MOST, description="How many on a page.")

    @field_validator("received_to", "due_to", "answered_to", check_fields=False)
    @classmethod
    def _in_order(cls, day: date | None, info: ValidationInfo) -> date | None:
        """Days that end before they begin hold no case: an empty page would be taken for a true answer."""
        start = (info.field_name or "").removesuffix("_to") + "_from"
        begins = info.data.get(start)
        if day is not None and begins is not None and day < begins:
            raise ValueError(f"must not be before {start}")
        return day

    def narrowing(self) -> Narrowing:
        """The same as the lists have it."""
        return Narrowing(
            account=clean(self.mailbox or ""),
            regime=self.regime.value if self.regime else "",
            requests_only=self.requests_only,
            owner_id=self.owner,
            received=Days(self.received_from, self.received_to),
            due=Days(self.due_from, self.due_to),
        )

    def selection(self, served: Desk, view: View, words: str = "") -> Selection:
        """The cases of a view that are wanted."""
        return Selection(view, served.today(), not_soon(served), _NOBODY, self.narrowing(), words)


class DeadlineQuery(Narrowed):
    """Which deadlines."""

    after: str | None = Field(None, pattern=PLACE, description="Where the page before ended; from `next`.")

    @property
    def place(self) -> tuple[date, int] | None:
        """The day and key after which the page begins."""
        if self.after is None:
            return None
        day, _, key = self.after.partition("~")
        return date.fromordinal(int(day)), int(key)


class CaseQuery(Narrowed):
    """Which cases."""

    view: Literal["every", "open", "unassigned", "due-soon", "overdue", "stopped", "closed"] = Field(
        "every", description="A list of the desk."
    )
    answered_from: Day | None = None
    answered_to: Day | None = None
    late: YesNo | None = Field(None, description="Answered late or overdue; or, with false, answered in time.")
    exemption: str | None = Field(None, max_length=LONGEST_CITATION, description="A limb relied on, such as 43(2).")
    acknowledged: Promptness | None = Field(None, description="How soon the acknowledgement was sent.")
    q: str | None = Field(
        None,
        max_length=LONGEST_LINE,
        description="Words in reference, subject or requester; needs the scope `requesters`.",
    )
    after: Key = Field(0, description="Where the page before ended; from `next`.")

    def narrowing(self) -> Narrowing:
        found = super().narrowing()
        return Narrowing(
            **{
                name: getattr(found, name)
                for name in ("account", "regime", "requests_only", "owner_id", "received", "due")
            },
            answered=Days(self.answered_from, self.answered_to),
            late=self.late,
            citation=clean(self.exemption or ""),
            acknowledged=self.acknowledged,
        )

    @property
    def words(self) -> str:
        return clean(self.q or "")


class StatisticsQuery(Query):
    """Which quarter, and as at which day."""

    quarter: str = Field(pattern=QUARTER, description="In which requests were received, such as 2026Q3.")
    as_at: Day | None = Field(None, description="As the cases stood at the end of this day; today unless given.")
    authority: str = Field("", max_length=200, description="The name of one of several that the desk answers for.")
    references: YesNo = Field(False, description="Tell the references behind each figure; needs the scope `cases`.")
