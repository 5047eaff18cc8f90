"""Good letters, each spoilt in one way, and what the checker must then have against it."""

from dataclasses import dataclass
from pathlib import Path

from service.domain.notice_check import Verdict

LETTERS = Path(__file__).parent / "letters"
GOOD = tuple(sorted(path.stem for path in LETTERS.glob("*.txt")))
BLOCK, WARN = Verdict.BLOCK, Verdict.WARN


def good(name: str) -> str:
    return (LETTERS / f"{name}.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Spoilt:
    """`changes` are words and what stands in their place; `found` is all that may be found, the worst of each rule."""

    what: str
    letter: str
    changes: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, Verdict], ...]

    @property
    def text(self) -> str:
        text = good(self.letter)
        for old, new in self.changes:
            assert old in text, (self.what, old)
            text = text.replace(old, new)
        return text


REVIEW = (
    "If you are not satisfied with this response you may ask for an internal review within 40 working days, by writing to "
    "foi@anytown.example.\n\nIf you are still not satisfied after the review, you have the right to apply"
)
RIGHT = "you have the right to apply to the Information Commissioner for a decision under section 50 of the Act."
OFFICE = "Information Commissioner's Office, Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF, https://ico.org.uk"
KINBURN = "Kinburn Castle, Doubledykes Road, St Andrews KY16 9DS"
NOTICE = " This is a refusal notice under section 17."


def spoilt(what: str, letter: str, *changes: tuple[str, str], **found: Verdict) -> Spoilt:
    return Spoilt(what, letter, changes, tuple(found.items()))


SPOILT = (
    spoilt(
        "a balance against the refusal",
        "policy_36",
        ("in favour of maintaining the exemption until", "in favour of disclosing it until"),
        R4=BLOCK,
    ),
    spoilt(
        "a qualified limb called absolute",
        "policy_36",
        ("This is a refusal notice", "Section 36(2)(b)(i) is an absolute exemption. This is a refusal notice"),
        R4=BLOCK,
    ),
    spoilt("the other regulator's address", "vexatious", (OFFICE, KINBURN), R9=BLOCK),
    spoilt("the section of another law's notice", "policy_36", ("notice under section 17", "notice under section 16"), R17=WARN),
    spoilt("the section of another law's Commissioner", "eisr_draft", ("Kinburn Castle", "under section 50, at Kinburn Castle"), R17=WARN),
    spoilt("no limb of section 43", "part_refusal", ("section 43(2)", "section 43"), R2=BLOCK),
    spoilt("no limb of section 36", "policy_36", ("section 36(2)(b)(i)", "section 36"), R2=BLOCK),
    spoilt("half a limb of section 36", "policy_36", ("section 36(2)(b)(i)", "section 36(2)"), R2=BLOCK),
    spoilt("no condition of section 40(2)", "refusal_personal", ("40(2) and (3A)(a)", "40(2)"), R2=WARN),
    spoilt("no exemption named", "part_refusal", (" under section 43(2) of the Act", ""), R2=BLOCK),
    spoilt("no exception named", "eir_commercial", ("regulation 12(5)(e)", "the law"), R2=BLOCK),
    spoilt("no limb of regulation 12", "eir_commercial", ("regulation 12(5)(e)", "regulation 12(5)"), R2=BLOCK),
    spoilt(
        "what is denied is not said to be protected by any limb",
        "neither",
        (", in relation to section 31(1)(a), the prevention or detection of crime", ""),
        R2=WARN,
    ),
    spoilt(
        "section 21 is not cited",
        "accessible",
        ("section 21(1) of the Freedom of Information Act 2000 exempts information that the applicant can reasonably", "you can"),
        R2=WARN,
    ),
    spoilt(
        "section 21 is not cited and no place given",
        "accessible",
        ("section 21(1) of the Freedom of Information Act 2000 exempts information that the applicant can reasonably", "you can"),
        (" You will find them at https://www.anytown.example/committees/licensing/minutes, and bound copies can be read at the Central Library.", ""),
        (", https://ico.org.uk", ""),
        R2=BLOCK,
        R12=BLOCK,
    ),
    spoilt(
        "a link without its address",
        "neither",
        (": https://www.anytown.police.example/policies/public-events", " on our policies page"),
        R12=BLOCK,
    ),
    spoilt("a web address that is broken off", "accessible", ("https://www.anytown.example/committees/licensing/minutes", "https://"), R12=WARN),
    spoilt(
        "no reason for prejudice",
        "part_refusal",
        (
            (", because disclosing them would be likely to prejudice the commercial interests of the supplier. The meals contracts of "
            "three neighbouring councils are out to tender this autumn, and the supplier's rivals could undercut its bids if they "
            "knew what it charges for each dish."),
            ".",
        ),
        (", without which councils would pay more", ""),
        (" We have concluded that the public interest in maintaining the exemption outweighs the public interest in disclosing the unit prices.", " The balance lies against disclosure."),
        R3=BLOCK,
    ),
    spoilt(
        "no public interest test",
        "policy_36",
        ("The public interest in favour of disclosure lies in understanding how a building that belongs to the town is sold. Against it stands the public interest in councillors hearing the whole truth about the bids in time. We find that the balance lies in favour of maintaining the exemption until the sale is complete.", ""),
        R4=BLOCK,
    ),
    spoilt(
        "nothing in favour of disclosure",
        "foisa_refusal",
        ("In favour of disclosing the advice, parents have an interest in understanding how the decision was made, and it would promote accountability. ", ""),
        R4=BLOCK,
    ),
    spoilt(
        "nothing against disclosure",
        "eir_unreasonable",
        ("Against it, the whole of a small team would be kept from its work on this year's flood defences, from which the public would suffer more. ", ""),
        R4=BLOCK,
    ),
    spoilt(
        "no conclusion",
        "foisa_refusal",
        ("We have concluded that, on balance, the public interest in maintaining the exemption outweighs that in disclosure.", ""),
        R4=BLOCK,
    ),
    spoilt(
        "disclosure is weighed and not confirmation",
        "neither",
        ("In favour of confirming or denying, there", "In favour of disclosure, there"),
        ("Against confirming or denying, there", "Against disclosure, there"),
        ("We have concluded that the public interest in neither confirming nor denying outweighs the public interest in saying whether information is held.", "The public interest in non-disclosure outweighs that in disclosure."),
        (" The balance of the public interest in confirming or denying is the same.", ""),
        R5=BLOCK,
    ),
    spoilt("the public interest is put off for ever", "put_off", (" by 26 February 2025", ""), R6=BLOCK),
    spoilt("a Scottish authority puts the public interest off", "foisa_refusal", ("The exemption is subject to the public interest test.", "We need more time to consider the public interest test and will write to you by 30 May 2024."), R6=BLOCK),
    spoilt(
        "the cost limit without an estimate",
        "cost_limit",
        ("We estimate that it would take 140 hours to locate, retrieve and extract it: the department has eleven mailboxes with some 42,000 messages that mention potholes, and at 12 seconds each to open and sort them the search alone passes the limit many times over. At £25 an hour that is £3,500, and the appropriate limit is £450 (18 hours).", "To find it would exceed the appropriate limit."),
        R7=WARN,
    ),
    spoilt(
        "the cost limit without advice",
        "cost_limit",
        ("To help you under section 16, we suggest that you narrow your request to one street or one quarter, or to the monthly reports of the pothole team, which we could send you within the limit.", ""),
        R7=WARN,
    ),
    spoilt("redaction is counted", "cost_limit", ("locate, retrieve and extract it:", "locate it and to redact it:"), R7=WARN),
    spoilt("no review", "vexatious", (REVIEW, "You have the right to apply"), R8=BLOCK),
    spoilt("no regulator", "vexatious", ("If you are still not satisfied after the review, " + RIGHT + " The address is: " + OFFICE, ""), R9=BLOCK),
    spoilt("a regulator without an address", "part_refusal", (" The address is: " + OFFICE, ""), R9=WARN),
    spoilt("the regulator of another country", "foisa_refusal", ("Scottish Information Commissioner", "Information Commissioner"), ("Kinburn Castle, Doubledykes Road, St Andrews, Fife KY16 9DS, www.foi.scot", "Wycliffe House, Wilmslow SK9 5AF"), R9=BLOCK),
    spoilt("a refusal without its rights", "refusal_personal", ("If you wish to complain about this decision you can ask for an internal review by writing to the Monitoring Officer at the Town Hall. If you remain dissatisfied you have a right under section 50 of the Act to apply to the Information Commissioner for a decision: Wycliffe House, Water Lane, Wilmslow, Cheshire, SK9 5AF, ico.org.uk.", ""), R8=BLOCK, R9=BLOCK),
    spoilt("Scottish notice that nothing is held without a review", "foisa_not_held", ("You may ask for a review of our response within 40 working days (section 20). You may then appeal", "You may appeal"), R8=BLOCK),
    spoilt("no time to ask for a review in Scotland", "foisa_refusal", (", in writing, within 40 working days, saying", ", in writing, saying"), R8=WARN),
    spoilt("no time to apply to the Commissioner in Scotland", "foisa_refusal", ("for a decision within six months:", "for a decision:"), R9=WARN),
    spoilt("nothing is said to be held", "refusal_personal", ("We hold the report. We", "We"), R10=WARN),
    spoilt("a question that is not answered", "disclosure_numbered", ("Question 2: 871 in 2022 and 902 in 2023.\n\n", ""), R11=BLOCK),
    spoilt("a question with an empty answer", "disclosure_numbered", ("871 in 2022 and 902 in 2023.", ""), R11=BLOCK),
    spoilt("the denied question is called exempt", "neither", ("Q2 - We", "Q2 - This information is exempt. We"), R13=BLOCK),
    spoilt("the denied question is called held", "neither", ("Q2 - We", "Q2 - We hold some of this information. We"), R13=BLOCK),
    spoilt("the denied question is held, and a condition follows", "neither", ("Nothing in this letter should", "We hold records of four such events, which would be of use to offenders.\n\nNothing in this letter should"), R13=BLOCK),
    spoilt("the denied equipment was used", "neither", ("Nothing in this letter should", "The equipment was used at four events in 2023.\n\nNothing in this letter should"), R13=BLOCK),
    spoilt("the denied question is not held", "neither", ("Q2 - We", "Q2 - We do not hold the model, which would be of use to offenders. We"), R13=BLOCK),
    spoilt("the letter begins with what is withheld", "neither", ("It serves as a refusal", "Some data has been withheld. It serves as a refusal"), ("We hold the policy. It is reasonably accessible to you already and so exempt under section 21(1) of the Act", "Our policy on events is here"), R13=BLOCK),
    spoilt(
        "a question that leans on a denied one is answered plainly",
        "neither",
        ("A copy of the force's published policy on the policing of public events.", "How many arrests followed from either 1 or 2?"),
        ("Q3 - We hold the policy. It is reasonably accessible to you already and so exempt under section 21(1) of the Act: https://www.anytown.police.example/policies/public-events", "Q3 - Seventeen arrests."),
        R14=BLOCK,
    ),
    spoilt(
        "a question about such equipment is answered plainly",
        "neither",
        ("The make and model of any such equipment.", "The make and model of any surveillance drone."),
        ("A copy of the force's published policy on the policing of public events.", "Any guidance for officers who use such drones."),
        R14=BLOCK,
    ),
    spoilt(
        "a question about the above is answered plainly",
        "neither",
        ("A copy of the force's published policy on the policing of public events.", "The policy for any of the above."),
        R14=BLOCK,
    ),
    spoilt(
        "a question that only follows up a denied one is answered plainly",
        "neither",
        ("A copy of the force's published policy on the policing of public events.", "If so, how many arrests followed?"),
        ("Q3 - We hold the policy. It is reasonably accessible to you already and so exempt under section 21(1) of the Act: https://www.anytown.police.example/policies/public-events", "Q3 - Seventeen arrests."),
        R14=BLOCK,
    ),
    spoilt(
        "a question that has but a pronoun for a denied thing is answered plainly",
        "neither",
        ("A copy of the force's published policy on the policing of public events.", "How many people did it identify?"),
        ("Q3 - We hold the policy. It is reasonably accessible to you already and so exempt under section 21(1) of the Act: https://www.anytown.police.example/policies/public-events", "Q3 - Seventeen people."),
        R14=BLOCK,
    ),
    spoilt("no qualified person", "policy_36", ("The qualified person for the council is its monitoring officer, Ruth Amadi. In her reasonable opinion, given on 2 January 2025, disclosure", "In our opinion disclosure"), R15=BLOCK),
    spoilt("no principle", "refusal_personal", ("Disclosure would contravene the first data protection principle, which requires that personal data be processed lawfully, fairly and transparently (Article 5(1)(a) of the UK GDPR). There is a legitimate interest in how public employees are held to account, but we", "We"), R15=BLOCK),
    spoilt("no enactment", "policy_36", ("section 36(2)(b)(i)", "section 44(1)(a)"), R15=BLOCK),
    spoilt("no purpose", "put_off", ("the inspector's function of finding the cause of an accident: section 31(2)(g)", "the inspector"), R15=WARN),
    spoilt("nobody is completing it", "eisr_draft", ("It is being prepared by the University of Northbrae, which expects to complete it by 30 September 2024; it will then be published.", ""), R15=WARN),
    spoilt("late without an apology", "late_disclosure", ("are sorry for the delay. We failed to comply with section 10(1) of the Freedom of Information Act 2000.", "did not."), R16=WARN),
    spoilt("late without admitting a breach", "late_disclosure", ("We should have answered by 11 November 2024 and are sorry for the delay. We failed to comply with section 10(1) of the Freedom of Information Act 2000.", "We are sorry for the delay."), R16=WARN),
    spoilt("two months by its own dates", "part_refusal", ("28 June 2024", "19 August 2024"), R16=WARN),
    spoilt("exemptions in a letter about exceptions", "eir_commercial", ("maintaining the exception,", "maintaining the exemption,"), ("under section 50 of the Freedom of Information Act 2000 as applied by regulation 18", "under regulation 18"), R17=WARN),
    spoilt("a section in a letter about exceptions", "eir_unreasonable", ("regulation 12(4)(b).", "regulation 12(4)(b), and section 14(1)."), R17=WARN),
    spoilt("a name to be filled in", "vexatious", ("Mr Quill", "[NAME]"), R18=BLOCK),
    spoilt("a date to be filled in", "policy_36", ("2 January 2025", "[insert date]"), R18=BLOCK),
    spoilt("crosses", "cost_limit", ("£3,500", "£XXX"), R18=BLOCK),
    spoilt("a template's brackets", "not_held", ("4471", "{{ reference }}"), R18=BLOCK, R20=WARN),
    spoilt("a name in a program's brackets", "vexatious", ("Mr Quill", "{requester_name}"), R18=BLOCK),
    spoilt("a name to be filled in, in small letters", "vexatious", ("Mr Quill", "[requester's name]"), R18=BLOCK),
    spoilt("a name to be merged", "vexatious", ("Mr Quill", "«Surname»"), R18=BLOCK),
    spoilt("a day that nobody knew yet", "policy_36", ("2 January 2025", "?? January 2025"), R18=BLOCK),
    spoilt("a sentence said twice", "part_refusal", ("The total price", "Against it, there is a public interest in suppliers being able to compete fairly, without which councils would pay more. The total price"), R18=WARN),
    spoilt("exemptions of which there is one", "refusal_personal", ("The report is exempt under section", "The report is exempt under the following exemptions: section"), R18=WARN),
    spoilt("reasons about police vehicles", "neither", ("they would change their methods", "they would identify specific police vehicles and change their methods"), R18=WARN),
    spoilt("reasons about patients", "neither", ("whether their calls", "whether patients or their calls"), R18=WARN),
    spoilt("no reference", "vexatious", ("Our reference: FOI/24/000700\n", ""), R20=WARN),
    spoilt("no dates", "vexatious", ("Date: 11 November 2024\n", ""), ("of 21 October 2024 ", ""), R20=WARN),
    spoilt("nobody signs", "vexatious", ("Yours sincerely\n\nSam Okoro", ""), R20=WARN),
)  # fmt: skip
