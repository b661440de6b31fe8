"""What can go wrong with an Odoo server, as one kind of error: cause and next step in our words.

Nothing that a server says is quoted beyond the first line of its message, cleaned and without secrets. A traceback,
which Odoo sends with every error, never is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from retailctl.errors import IncompleteError, Location

Kind = Literal[
    "connection",  # nobody answers, or not in the way that was agreed (TLS, HTTP)
    "time",  # no whole answer within the deadline
    "size",  # more than is taken
    "answer",  # an answer, but none of Odoo
    "login",
    "database",
    "access",  # model, row or field refused to this account
    "model",
    "field",
    "method",
    "blocked",  # a module of the server forbids calls from outside
    "server",  # any other error inside Odoo
]
_LONGEST: Final = 160
_PLACES: Final = re.compile(
    r"(?:[A-Za-z]:)?(?:[\\/][\w.@+-]+){2,}|\b\d{1,3}(?:\.\d{1,3}){3}\b|\bport\s+\d+", re.IGNORECASE
)
# By the end of the name of an exception: the part before it moved between versions, the texts are translated.
_KINDS: Final[dict[str, Kind]] = {
    "AccessDenied": "login",
    "AccessError": "access",
    "Forbidden": "access",
    "OperationalError": "database",
    "UserError": "model",
    "NotFound": "model",
    "ValueError": "field",
    "KeyError": "model",
    "AttributeError": "method",
}
_BLOCKER: Final = "_get_rpc_config"  # of the OCA module rpc_helper, installed in another database of the same server
_TOLD: Final[dict[Kind, tuple[str, str]]] = {
    "login": ("the server refuses the login", "check login and password or API key; nothing is tried twice"),
    "database": (
        "the database cannot be opened: there is none of that name, or its own server is down",
        "check --db; names are case-sensitive",
    ),
    "access": ("the account may not read this", "give the account read rights, or leave it as blocked"),
    "model": ("the server does not know this model, or forbids calls to it", "check the version of the server"),
    "field": ("the server does not know one of the fields", "report it with the version of the server"),
    "method": ("the server does not know this method", "report it with the version of the server"),
    "blocked": (
        "a module of another database of this server blocks the call (rpc_helper)",
        "ask whoever runs the server: rpc_helper must be in its server-wide modules, or not be installed",
    ),
    "server": ("the server failed", "look into the log of Odoo at this moment"),
}


class OdooError(IncompleteError):
    """A server that could not be read; ``kind`` says why, for callers that can go on without this one answer.

    ``passing``: a connection that failed, and may not fail a moment later.
    """

    def __init__(self, kind: Kind, message: str, *, at: str = "", hint: str = "", passing: bool = False) -> None:
        super().__init__(message, at=Location(at) if at else None, hint=hint)
        self.kind, self.passing = kind, passing


def server_error(data: Any, at: str, clean: Callable[[str], str], *, known: str = "") -> OdooError:
    """The error that Odoo describes in ``data`` (its ``name`` and ``message``); ``known`` is the kind of a status."""
    told: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    name = str(told.get("name") or "")
    kind: Kind = _KINDS.get(name.rpartition(".")[2], "server")
    if known and kind == "server":
        kind = known  # type: ignore[assignment]
    if _BLOCKER in str(told.get("message")) or _BLOCKER in str(told.get("debug")):
        kind = "blocked"
    message, hint = _TOLD[kind]
    if kind == "server":
        said = first_line(told.get("message"), clean)
        message += f": {said}" if said else ""
    return OdooError(kind, message, at=at, hint=hint)


def first_line(text: Any, clean: Callable[[str], str]) -> str:
    """The first line of what a server said: without secrets, paths, addresses and control characters, and short."""
    line = clean(str(text or "").strip().partition("\n")[0])
    if line.startswith(("Traceback", "<", "{", "[")):
        return ""
    plain = "".join(letter if letter.isprintable() else " " for letter in _PLACES.sub("…", line)).strip()
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
