"""Owners as registers write them: a team stays, a person becomes a pseudonym, and who has left is told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_MAIL: Final = re.compile(r"<?\b([A-Za-z0-9._%+-]{1,64})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})\b>?")
_GONE: Final = (
    r"(?:has left|left|leaver|gone|ex[- ]employee|no longer|former|vertrokken|uit dienst|weg|ausgeschieden|nicht mehr|"
    r"parti|partie|a quitte|a quitté)\b"
)
# Behind brackets, a comma or a dash: "team-gone" is a name.
_LEFT: Final = re.compile(
    rf"\s*(?:[(\[]\s*{_GONE}[^()\[\]]{{0,40}}[)\]]|(?:[,;]|\s[-\u2013])\s*{_GONE}.{{0,40}}"
    r"|\s(?:has left|left the company)\b.{0,40})\s*$",
    re.IGNORECASE,
)
_EX: Final = re.compile(r"^\s*(?:\(?ex\)?[-. ]|former\s+)", re.IGNORECASE)
# Mailboxes of teams: they answer for something, and are nobody's own.
_TEAM: Final = re.compile(
    r"(?:^|[._-])(?:team|teams|support|service|servicedesk|helpdesk|desk|it|ict|ops|admin|info|office|dl|group|grp|squad|"
    r"integration|erp|crm|finance|sales|logistics|warehouse|platform|data|web|ecommerce|no-?reply|api|interfaces?)(?:$|[._-])",
    re.IGNORECASE,
)
_NOBODY: Final = frozenset({"", "-", "--", "?", "n/a", "na", "none", "tbd", "unknown", "nobody", "unbekannt", "onbekend", "inconnu"})  # fmt: skip # noqa: E501


def owner_of(cell: str, pseudonym: Callable[[str], str]) -> tuple[str, bool]:
    """(owner or empty, whether it says that the owner has left). Only people leave, so that name is a pseudonym."""
    text = cell.strip()
    if text.lower().rstrip("?") in _NOBODY:
        return "", False
    left = _LEFT.search(text)
    name = text[: left.start()].strip() if left is not None else text
    if not name:  # "left", and nobody says who
        return "", True
    gone = left is not None or _EX.match(name) is not None
    name = _EX.sub("", name).strip()
    mail = _MAIL.search(name)
    if mail is not None and (gone or not _TEAM.search(mail[1])):
        return pseudonym(mail[0].strip("<>").lower()), gone
    if gone:
        return pseudonym(name.lower()), True
    return name.rstrip("?").strip(), False


def without_people(text: str, pseudonym: Callable[[str], str]) -> str:
    """A text with a pseudonym in the place of each e-mail address."""
    return _MAIL.sub(lambda found: pseudonym(found[0].strip("<>").lower()), text)
