"""The words by which a letter tells what it does: what a sentence says becomes of the information."""

from service.domain.notice_check.wording import words

NEITHER = words(
    r"\bneither confirm\w* (?:n?or|and) den(?:y|ies|ied|ying)|\bnot? (?:to )?(?:be )?confirm(?:ing)? (?:n?or) deny"
    r"|\b(?:refus\w+|declin\w+|unable|not (?:obliged|required|able)|exclud\w+|cannot|no duty|no obligation)\b[^.]{0,60}\bconfirm (?:n?or) deny"
    r"|\bduty to confirm or deny\b[^.]{0,80}\b(?:does not|do not|not arise|not apply)|\bneither confirmed nor denied"
    r"|\b(?:not|neither|refus\w+ to|declin\w+ to|cannot) (?:reveal|say) whether\b[^.]{0,60}\b(?:exists?|held|holds?)\b"
)
NOT_HELD = words(
    r"\b(?:do|does|did) not (?:currently |itself |ourselves )?(?:hold|have|possess|keep|record)\b|\b(?:is|are|was|were) not (?:currently )?(?:held|recorded)\b"
    r"|\bnot held\b|\bholds? no\b|\bno (?:\w+ ){0,4}(?:is|are|was|were|information|records?|data) held\b|\bno (?:relevant |such |recorded )?(?:information|records?|data)"
    r" (?:is|are|was|were)? ?(?:held|found|located)|\bno longer (?:hold|held)\b|\bwe have no (?:information|record|data)"
)
HELD = words(
    r"\b(?:we|i|(?:the )?\w+(?: \w+){0,5}|it|which) (?:can confirm that (?:\w+ ){1,8})?(?:do |does |also |currently )?holds?\b(?! (?:any|no)\b)"
    r"|\b(?:information|data|records?|documents?|figures?|part|all|some|it|that) (?:\w+ ){0,4}(?:is|are) held\b|\binformation (?:we|it) holds?\b|\bheld by (?:us|the)\b"
)
WITHHELD = words(
    r"\bexempt(?:ed|ion|ions|s)?\b|\bwith(?:hold|held)\w*|\brefus(?:e|es|ed|al|als|ing)\b|\bdeclin(?:e|ed|ing) to (?:provide|disclose|supply|release)"
    r"|\bredact(?:ed|ions?|ing)\b|\bexceptions?\b(?= (?:in|under|at|to|applies|apply|is|are) )|\bmanifestly unreasonable\b"
)
ACCESSIBLE = words(
    r"\balready (?:\w+ ){0,3}(?:in the public domain|accessible|available|published)|\b(?:publicly|reasonably|readily) (?:available|accessible)"
    r"|\baccessible (?:to you )?by other means|\bin the public domain at\b|\balready obtain\b"
)
COST_LIMIT = words(
    r"\b(?:appropriate|cost|fees?) (?:limit|threshold)\b|\bcost of compliance\b|\bexceeds? the (?:limit|£)"
    # The hours that £450 and £600 pay for, and not those within which a road is mended.
    r"|\b(?:18|24) hours\b['’,]? (?:of )?(?:work\w*|staff|officers?|time|effort|search\w*)\b"
    r"|\b(?:exceed\w*|would (?:\w+ ){1,3}(?:than|over)|limit|in excess of|£ ?(?:450|600))\b[^.]{0,60}\b(?:18|24) hours\b"
    r"|\b(?:18|24) hours\b[^.]{0,60}(?:\blimit\b|£ ?(?:450|600)\b|\bto (?:determine|locate|find|retrieve|extract|collate|comply)\b)"
)
VEXATIOUS = words(r"\bvexatious\b")
REPEATED = words(
    r"\brepeated request|\brepeats? (?:an earlier|a previous|your)|\bidentical or substantially similar|\bsubstantially similar\b"
)
CONDITIONAL = words(
    r"\bif (?:it|they|any|such|held|that|the|this|there|we|you)\b|\bwhether\b|\bwould\b|\bwere (?:it|they|any|such|we)\b|\bany such\b|\bshould (?:it|any|such|be taken)\b|\bmay or may not\b"
    r"|\b(?:is or is not|does or does not)\b"
)
PUBLIC_INTEREST = words(r"\bpublic interest\b|\bpublic'?s interest\b")
IF_IT_EXISTS = words(
    r"\bif (?:it|they|any|such|such information|the information)? ?(?:exists?|is held|held|were held|was held)\b"
)
_NEGATION = words(
    r"\b(?:no|not|none|nothing|neither|without|never|n't)\b(?! only)[^.]{0,50}\b(?:exempt|with(?:hold|held)|refus|redact|exception)|\b(?:exemption|exception)s? (?:does|do|did|is|are) not (?:apply|engaged)"
    r"|\bif (?:we|you|the|your|it|any)\b[^.]{0,50}\b(?:refus|with(?:hold|held)|exempt)"
)
# What an authority refuses or exempts every day, and may tell of: not the information that was asked for. Only nouns that
# no requester's request is called by; "your application" may well be one.
_COUNTED = (
    r"(?:applications|applicants|appeals|claims|claimants|permits|licen[cs]es|(?:planning )?permissions?|consents?|places|bids"
    r"|tenancies|landlords|certificates|passports|candidates|companies|organisations|variations"
    r"|tenders|grants|visas|referrals|loads|loans|pupils|children|students|patients|residents|tenants|drivers|passengers"
    r"|households|dwellings|properties|homes|vehicles|businesses|payments|invoices|entry|admissions?|treatment|bail|housing)"
)
_OF_SUCH = (
    r"(?:(?:the|a|an|all|any|some|those|of|for|late|new|school|building|parking|taxi|council|tax|support|benefit|housing"
    r"|planning|asylum|\d[\d,.]*%?) ){0,6}"
)
_SUBJECT_MATTER = words(
    rf"\brefus(?:e|es|ed|als?|ing) {_OF_SUCH}{_COUNTED}\b"
    rf"|\b{_COUNTED} (?:(?:that|which|who|were|was|had|have|has|been|being|are) ){{0,3}}refused\b"
    r"|\b(?:tonnes|household|domestic|kerbside|residual|garden|commercial|trade|black|bulky|dry|uncollected) (?:of )?refuse\b"
    r"|\brefuse (?:collect\w+|bins?|lorr\w+|trucks?|vehicles?|sacks?|bags?|crews?|disposal|sites?|tips?|rounds?|services?"
    r"|derived|(?:and|or) (?:recycling|waste|rubbish|food|garden)|(?:is|was) (?:collected|taken|burn\w+|sent|weighed|tipped))\b"
    r"|\b(?:waste|rubbish|recycling) and refuse\b"
    r"|\bexempt (?:accommodation|supported|supplies|supply|vehicles?|dwellings?|properties|charit(?:y|ies)|works?)\b"
    r"|\bnumber of (?:\w+ ){0,3}(?:exemptions|exceptions|refusals)\b"
    r"|\bexempt(?:ed|ions?)? from (?:council tax|business rates|rates|vat|tax\w*|(?:the |all )?charges?|(?:the |all )?fees?|duty)\b"
    r"|\b(?:council tax|business rates?|rates|vat|tax|discount\w* and|single person) exempt(?:ions?)?\b"
)
# Other people's requests, as whoever asks how many of them were refused is told of.
_OTHER_REQUESTS = words(
    r"\b(?:\d[\d,]*|number of|how many) (?:\w+ ){0,3}(?:requests?|appeals|complaints)\b|\b(?:requests|complaints) from\b"
)
_OPENING = words(r"\bin (?:response|answer|reply) to your (?:\w+ ){0,3}(?:requests?|questions?|e-?mail|letter)\b")
_THIS_REQUEST = words(r"\byou(?:rs?|rself)?\b|\b(?:this|these|the|both|all) (?:\w+ )?requests?\b")
_CITES = words(r"\b(?:sections?|regulations?|ss?\.|reg\.) ?\d")


def refuses(sentence: str) -> bool:
    """Whether a sentence says that information is kept back or refused, and not that an application or a pupil was."""
    if _OTHER_REQUESTS.search(sentence) and not _THIS_REQUEST.search(_OPENING.sub(" ", sentence)):
        return False
    if (
        NEITHER.search(sentence)
        or COST_LIMIT.search(sentence)
        or VEXATIOUS.search(sentence)
        or REPEATED.search(sentence)
    ):
        return True
    told = sentence if _CITES.search(sentence) else _SUBJECT_MATTER.sub(" ", sentence)
    return bool(WITHHELD.search(told)) and not _NEGATION.search(told)


def says_held(sentence: str) -> bool:
    """Whether a sentence admits that information is held, rather than supposing or denying it."""
    if NEITHER.search(sentence):
        return False
    for match in HELD.finditer(sentence):
        before = sentence[: match.end()]
        if not CONDITIONAL.search(before) and not NOT_HELD.search(before[max(match.start() - 40, 0) :]):
            return True
    return False
