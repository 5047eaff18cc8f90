"""What a clause says outright, whatever is supposed in the clauses beside it."""

import pytest

from service.domain.notice_check.admission import admits, denies

ASKED = "Are there covert trials of gait recognition in the borough, and what equipment has been used?"


@pytest.mark.parametrize(
    "sentence",
    [
        "We hold 14 documents about these trials, which would be exempt.",
        "We have 12 reports of the trials on file.",
        "We hold three reports of trials and to release them would tell criminals what to avoid.",
        "Why section 31(3) would apply: We hold three reports of trials.",
        "We hold records of four such events, which would be of use to offenders.",
        "We hold such information but would harm policing by releasing it.",
        "The force holds 3 reports and their release would harm policing.",
        "The information is held, and disclosing it would harm policing.",
        "We can confirm that we hold 14 documents.",
        "If it helps, we have 12 reports on file.",
        "There were five arrests in Croydon in May 2023.",
        "There are trials in Croydon, whose disclosure would harm policing.",
        "There is no equipment of this kind that would do so, but there were trials.",
        "Our records show three trials in 2023, if that helps.",
        "Our search found three reports.",
        "The equipment was used at four events in 2023.",
        "The trials took place in Croydon.",
        "Two trials have been carried out.",
        "The relevant trial is still under way.",
        "We used the equipment at four events.",
        "The 14 documents found would prejudice policing if released.",
        "The three trials in Croydon would be compromised.",
    ],
)
def test_what_is_said_outright_is_admitted(sentence: str) -> None:
    assert admits(sentence, ASKED)


@pytest.mark.parametrize(
    "sentence",
    [
        "We do not hold any report of trials, which would be costly.",
        "We have no information about trials.",
        "No information is held, and to say more would harm policing.",
    ],
)
def test_that_nothing_is_held_is_denied(sentence: str) -> None:
    assert denies(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "We neither confirm nor deny that we hold any information within question 1.",
        "Nothing in this letter should be taken as an indication that any information is or is not held.",
        "We may neither confirm nor deny only where it serves the public better to do so than to say whether any is held.",
        "The duty to say whether information is held does not apply, by virtue of section 31(3).",
        "We have weighed the two for section 31(3) of the Act.",
        "We have considered your request and have 20 working days to answer.",
        "There is a public interest in knowing what powers the police use.",
        "There is a strong public interest in openness about whether such equipment is used.",
        "There are two reasons for this.",
        "The two exemptions are weighed apart.",
        "To confirm that we hold such equipment would help criminals, and to deny that we hold it would help them too.",
        "Confirming that we hold such equipment would harm policing.",
        "A confirmation that trials have been carried out would be of use to offenders.",
        "Were we to confirm that there were trials, offenders would change their methods.",
        "By confirming or denying that any information exists, law enforcement would be compromised.",
        "This should not be taken to mean that we hold such equipment or that it was used.",
        "If such trials took place, to say so would tell criminals what to avoid.",
        "If we hold no such information, to say so would help offenders just as much.",
        "Disclosure of information, if held would technically be releasing sensitive operational information.",
        "Any information that we hold would be exempt.",
        "It would be exempt if it is held.",
        "We cannot say whether any trials have been carried out.",
        "There are significant risks to individuals where covert equipment is used.",
        "There is information within the public domain about the use of such tools.",
        "We have a duty to protect the public and we have considered the harm.",
        "Methods which may or may not be used would be revealed.",
    ],
)
def test_what_is_supposed_tells_nothing(sentence: str) -> None:
    assert not admits(sentence, ASKED)
    assert not denies(sentence)
