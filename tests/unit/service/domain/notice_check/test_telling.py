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
    ],
)
def test_what_keeps_information_back_refuses(sentence: str) -> None:
    assert refuses(sentence)
