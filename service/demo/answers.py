"""What the invented council decides on its requests, so that its responses are composed as real ones are."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.exemptions import Need
from service.domain.outcome import Outcome
from service.domain.question import Decision, Ground, Question

GIVEN: Mapping[str, str] = {
    "Pothole repairs on classified roads": "On A and B roads 1,204 potholes were reported in 2023/24, 1,377 in 2024/25 and "
    "1,190 in 2025/26. Within 28 days we repaired 1,011, 1,102 and 1,047 of them.",
    "CCTV cameras in the town centre": "The council operates 46 cameras in the town centre. They cost 118,400 pounds to run.",
    "Air quality monitoring data": "There are four stations. Their hourly readings for 2025 are set out by month in the "
    "register that we publish; the yearly means were 21, 24, 19 and 27 micrograms per cubic metre.",
    "Empty homes premium": "The premium was charged on 311, 298, 340, 352 and 329 properties, oldest year first.",
    "Consultancy spend over 10,000 pounds": "There were three such payments: 24,000 pounds to Halden Planning (Place, a "
    "transport model), 18,500 pounds to Brook and Field (Place, ecology) and 12,250 pounds to Ashdown Audit (Resources).",
    "Street light outages": "Faults since April, with the mean days to repair: Abbey 41 (3.2), Harbour 57 (4.0), Marsh 38 (2.9).",
    "Apprenticeship levy": "The council has paid in 1,482,000 pounds, of which 96,300 pounds expired unused.",
    "Councillors' allowances and attendance": "Each of the 42 councillors was paid the basic allowance of 11,250 pounds, and "
    "attended 81 in 100 of the meetings to which they were called, from 54 to 100.",
    "Recycling rejected loads": "Between January 2025 and last month 63 loads were rejected, at most seven in a month.",
    "Swimming pool energy costs": "Heating the Lido cost 38,100, 52,700, 61,900, 48,300 and 45,000 pounds, oldest winter first.",
    "Gritting routes": "The nine priority routes are named below, with the criteria by which each was chosen: traffic, "
    "gradient, and the way to a hospital or a school.",
}
IN_ANY_CASE = "We have looked in the records of the service concerned, and the figures are these: 482 last year, 455 the year before."
PEOPLE = Ground(
    "40(2) and (3A)(a)",
    "The names and addresses are of people who complained in private, and who have not agreed to be named.",
    particulars={
        Need.PRINCIPLE.value: "The first, lawfulness, fairness and transparency: there is an interest in how complaints are dealt "
        "with, which the dates and actions serve; naming those who complained is not necessary for it and they do not expect it"
    },
)
PRICES = Ground(
    "43(2)",
    "The contracts are to be tendered anew in spring. Bidders who knew today's price for each route would bid close to it, so "
    "the council would be likely to pay more.",
    "Taxpayers should see what school transport costs, and whether routes are let at a fair price.",
    "A council that cannot obtain competing bids pays more for the same buses, out of the same taxes.",
    "The total spent is given, which serves the interest in spending; the interest in a competitive tender outweighs the rest.",
)
COUNSEL = Ground(
    "42(1)",
    "The fee notes show on which points advice was taken while the appeal is still being heard.",
    "The public should know what a contested appeal costs, and why it is defended.",
    "A council must be able to take candid advice in confidence, above all while the matter is before an inspector.",
    "The strong interest in confidential advice during a live appeal outweighs that in its cost, which is published when it ends.",
)
TOO_MUCH = Ground(
    "12(1)",
    "The reports are held as scanned files in 64 folders, one for each home and year, and are not indexed.",
    particulars={
        Need.ESTIMATE.value: "To find and take the reports out of 64 folders at 25 minutes each takes 26 hours and 40 minutes, "
        "which at 25 pounds an hour is 667 pounds, above the limit of 450 pounds",
        Need.ADVICE.value: "The reports of the past six months, or those of up to 40 folders that you name, could be given within it",
    },
)


def decided(question: Question, subject: str, outcome: Outcome) -> Question:
    """What becomes of a question, so that the case ends as its story does."""
    match outcome:
        case Outcome.PART if "transport" in subject:
            total = "The current contracts cost 2,310,000 pounds a year in all. The price of each route is withheld."
            return replace(question, decision=Decision.PARTLY, answer=total, grounds=(PRICES,))
        case Outcome.PART:
            given = "There were 17 complaints since January: 11 about lorries at night and six about alarms. All were visited."
            return replace(question, decision=Decision.PARTLY, answer=given, grounds=(PEOPLE,))
        case Outcome.REFUSED:
            return replace(question, decision=Decision.WITHHOLD, grounds=(COUNSEL,))
        case Outcome.NOT_HELD:
            told = "The car park belongs to the hospital trust, which issues the tickets: Anytown Hospitals NHS Trust may hold this."
            return replace(question, decision=Decision.NOT_HELD, answer=told)
        case Outcome.COST_LIMIT:
            return replace(question, decision=Decision.COST_LIMIT, grounds=(TOO_MUCH,))
    return replace(question, decision=Decision.DISCLOSE, answer=GIVEN.get(subject, IN_ANY_CASE))
