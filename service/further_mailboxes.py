"""What a further mailbox, or a further Sent folder, leaves unsaid in the settings file is as the first mailbox says."""

from collections.abc import Mapping
from typing import Any

from service.servers import Server

# Who writes to whom, and what their mail is, belongs to one mailbox alone.
OF_ITS_OWN = frozenset({"account", "aliases", "kind", "regime", "authority", "smtp"})
SECRETS = frozenset({"password", "password_file"})


def complete(words: Mapping[str, Any]) -> dict[str, Any]:
    """The words of all settings, those of each of `mailboxes` completed from [mailbox], [authority] and [smtp].

    Those of each of `sent` are completed from [mailbox]: how its server is reached and signed in to.
    """
    first, further, sent = words.get("mailbox"), words.get("mailboxes"), words.get("sent")
    whole = dict(words)
    if not isinstance(first, Mapping):
        return whole
    if isinstance(further, list | tuple):
        whole["mailboxes"] = [_completed(one, first, words) if isinstance(one, Mapping) else one for one in further]
    if isinstance(sent, list | tuple):
        whole["sent"] = [{**_reached(one, first), **one} if isinstance(one, Mapping) else one for one in sent]
    return whole


def _reached(one: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in _shared(one, first).items() if name in Server.model_fields}


def _completed(one: Mapping[str, Any], first: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**_shared(one, first), **one}
    authority, smtp = one.get("authority"), _smtp(one, first, words.get("smtp"))
    if isinstance(authority, Mapping) and isinstance(words.get("authority"), Mapping):
        whole["authority"] = {**words["authority"], **authority}
    return whole if smtp is None else {**whole, "smtp": smtp}


def _shared(one: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """What of the first mailbox holds here too; its password never goes to another server, nor with another's name."""
    apart = OF_ITS_OWN
    if "host" in one:
        apart |= Server.model_fields.keys()
    elif "user" in one or SECRETS & one.keys():
        apart |= SECRETS
    return {name: value for name, value in first.items() if name not in apart}


def _smtp(one: Mapping[str, Any], first: Mapping[str, Any], smtp: Any) -> Any:
    """How its letters leave: by [smtp], unless it says otherwise, or signs in by tokens, each for one mailbox only."""
    own = one.get("smtp")
    if not isinstance(smtp, Mapping):
        return own
    if isinstance(own, Mapping):
        apart = Server.model_fields.keys() if "host" in own else SECRETS if "user" in own else frozenset()
        return {**{name: value for name, value in smtp.items() if name not in apart}, **own}
    by_token = smtp.get("sign_in") == "oauth" and smtp.get("user") == first.get("user")
    return {**smtp, "user": one["user"]} if own is None and by_token and "user" in one else own
