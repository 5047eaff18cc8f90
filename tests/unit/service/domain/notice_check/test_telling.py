"""What a sentence says becomes of the information, on sentences of disclosures about what was itself refused."""

import pytest

from service.domain.notice_check.telling import refuses


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2025/26 we refused 1,204 applications for council tax support.",
        "12 applications were refused.",
        "Of 400 applications that were refused, 12 were appealed.",
        "Planning permission was refused for 14 homes.",
        "The number of refusals of planning permission is 14.",
        "Eleven pupils were refused a place.",
        "We collected 12,000 tonnes of refuse in 2024.",
        "The refuse collection contract costs 2 million pounds.",
        "Household refuse and recycling went to Ridge Lane.",
        "412 properties are exempt from council tax.",
        "The register of exempt accommodation lists 14 providers.",
        "In 2024 we refused 12 requests as vexatious.",
        "In answer to your questions: 14 requests were refused under section 12 in 2023/24.",
        "Emergency repairs were made within 24 hours.",
        "The suite is staffed 24 hours a day.",
        "It took more than 24 hours to mend the gate.",
    ],
)
def test_what_tells_of_refusals_refuses_nothing(sentence: str) -> None:
    assert not refuses(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your request is refused.",
        "We refuse your application under section 14.",
        "We refused to disclose 12 applications.",
        "The applications were refused under section 40(2).",
        "We refuse 3 of the files that you asked for.",
        "All 12 applications are withheld under section 40(2).",
        "The names of refused applicants are withheld.",
        "It is exempt from disclosure.",
        "You have sent 14 requests, which we find vexatious.",
        "It would take more than 18 hours to locate them.",
        "The limit is 600 pounds, or 24 hours.",
        "It would need 30 hours' work, and 24 hours' work is what the limit allows.",
    ],
)
def test_what_keeps_information_back_refuses(sentence: str) -> None:
    assert refuses(sentence)
