"""The words by which machines and mailings give themselves away: English, Welsh, and some from abroad."""

import re

# The part of an address before the @: those that nobody reads, and those that newsletters come from.
MACHINE = re.compile(
    r"""(?ix)
    (?:^|[._+-]) (?:no|do[._-]?not|dont) [._-]? reply
    | ^ (?: mailer-daemon | postmaster | autoreply | auto-?(?:confirm|response|mailer) | automated\b.* | bounces?
          | notifications? | listserv | majordomo | root | daemon ) (?: $ | [+._-] )
    | ^ no[._-]?response
    """
)
SELLER = re.compile(
    r"""(?ix) ^ (?: e?-?news(?:letters?|flash|alerts?)? | marketing | promo(?:tion)?s? | offers? | deals | specials
      | announcements? | \w+[._-]news(?:flash|letter)? ) $"""
)

AWAY_PREFIX = re.compile(
    r"""(?ix) ^ \s* (?: automatic[ ]reply | auto[\s-]?reply | automatische[ ]antwort | ateb[ ]awtomatig
      | réponse[ ]automatique ) \s* :"""
)
AWAY_SUBJECT = re.compile(
    r"""(?ix) ^ \s* (?:
      automatic[ ]reply
      | auto(?:matic|mated)? [\s-]* (?:reply|response|responder|ack\w*)
      | out[ ]of[ ](?:the[ ])?office
      | i[ ]am[ ](?:away|out[ ]of[ ](?:the[ ])?office)
      | away[ ]from[ ](?:the[ ]|my[ ])?(?:office|desk|mail)
      | on[ ](?:annual[ ])?leave
      | vacation[ ]reply
      | ateb[ ]awtomatig
      | automatische[ ]antwort | abwesenheit\w* | abwesend
      | réponse[ ]automatique | absence[ ]du[ ]bureau
      | respuesta[ ]automática | risposta[ ]automatica | automatisch[ ]antwoord | afwezig
    ) \b"""
)
AWAY_BODY = re.compile(
    r"""(?ix) \b (?:
      (?:i[ ]am|i'm|i’m|i[ ]will[ ]be) [ ] (?:currently[ ]|now[ ])?
        (?:away|out[ ]of[ ](?:the[ ])?office|on[ ](?:\w+[ ]){0,2}leave|on[ ]holiday|not[ ](?:in|at))
      | (?:will[ ]be[ ])? (?:back|return(?:ing)?) [ ] (?:to[ ](?:the[ ])?(?:office|work)[ ])? on[ ]
      | limited[ ]access[ ]to[ ](?:my[ ])?e-?mails?
      | this[ ]is[ ]an?[ ] (?:automatic|automated|auto) [\s-]* (?:generated[ ])?
        (?:reply|response|message|e-?mail|ack\w+)
      | in[ ]my[ ]absence
      | whilst?[ ]i[ ]am[ ]away
      | if[ ]your[ ](?:e-?mail|message|enquiry|query|matter)[ ]is[ ]urgent
      | for[ ]urgent[ ](?:matters|enquiries|queries)
      | bin[ ](?:ich[ ])?(?:derzeit[ ]|zur[ ]zeit[ ])?(?:nicht[ ]im|abwesend|wieder[ ]ab)
      | nicht[ ]im[ ](?:büro|hause)
    )"""
)
RECEIPT = re.compile(
    r"""(?ix) (?:
      acknowledge?ment[ ]of[ ](?:the[ ])?receipt | acknowledge[ ](?:the[ ])?receipt
      | (?:have|has[ ]been)[ ]received[ ]your | we[ ]have[ ]received
      | thank[ ]you[ ]for[ ](?:your[ ](?:e-?mail|message|enquiry|contact)|contacting)
      | this[ ]is[ ]an?[ ]auto | do[ ]not[ ]reply[ ]to[ ]this | automatically[ ]generated
      | eingangsbestätigung | empfangsbest\w*tigung
      | vielen[ ]dank[ ]für[ ]ihre[ ](?:\w+[ ])?(?:e-?mail|nachricht|anfrage)
    )"""
)
MAILING = re.compile(
    r"""(?ix) (?:
      \bunsubscribe\b | \bopt[\s-]out\b | no[ ]longer[ ]wish[ ]to[ ]receive
      | (?:stop|cease)[ ]receiving[ ](?:these|this|our)
      | (?:to[ ]be[ ])?removed?[ ]from[ ](?:our|this|the)[ ](?:mailing[ ])?list
      | view[ ](?:this[ ]e?-?mail[ ])?(?:it[ ])?(?:online|in[ ]your[ ](?:web[ ])?browser)
      | you[ ](?:are[ ]receiving|received)[ ]this[ ](?:e-?mail|message)[ ]because
      | manage[ ]your[ ](?:e-?mail[ ])?preferences
    )"""
)
