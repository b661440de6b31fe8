"""From bytes to a value: everything that is not the JSON of an Odoo is told apart here, for both transports."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlsplit

from retailctl.connect.odoo.addresses import ServerAddress
from retailctl.connect.odoo.errors import OdooError
from retailctl.connect.odoo.wire import WireAnswer

# 32 MiB of small values would take half a gigabyte once they are parsed. A batch has a thousand rows.
_MOST_VALUES: Final = 1_000_000
_MOST_OBJECTS: Final = 250_000
_HOST_HINT: Final = "give the address of Odoo itself, not that of a login or proxy page before it"


def check_status(answer: WireAnswer, server: ServerAddress) -> None:
    """Raise OdooError for a redirect, a status that no call of Odoo has, and a page where JSON was asked for."""
    at = server.url
    if 300 <= answer.status < 400:
        raise OdooError(
            "answer", f"the server answers with a redirect ({answer.status})", at=at, hint=_moved(answer, server)
        )
    if answer.status in (502, 503, 504):
        what = f"a proxy before Odoo answers with status {answer.status}"
        raise OdooError("answer", what, at=at, hint="Odoo may be down or starting: try again later")
    if answer.status == 429:
        hint = "ask less often, such as with --max-rps 1"
        raise OdooError("answer", "the server says that it is asked too often (429)", at=at, hint=hint)
    if answer.status in (401, 403, 407) and answer.kind != "application/json":
        what = f"a proxy before Odoo asks for a login of its own (status {answer.status})"
        raise OdooError("answer", what, at=at, hint=_HOST_HINT)
    page = answer.kind in ("text/html", "application/xhtml+xml")
    if answer.status == 200 and (page or answer.body.lstrip()[:1] == b"<"):
        raise OdooError("answer", "the server answers with a web page, not with JSON", at=at, hint=_HOST_HINT)
    if answer.status != 200 and answer.kind != "application/json":
        hint = "check that the address is that of Odoo, and that its version still has this protocol"
        raise OdooError("answer", f"the server answers with status {answer.status}", at=at, hint=hint)


def value_of(body: bytes, server: ServerAddress) -> Any:
    """The JSON value of a body. Raises OdooError for what is none, or unfolds to too much."""
    objects = body.count(b"{")
    if objects > _MOST_OBJECTS or objects + body.count(b",") + body.count(b"[") > _MOST_VALUES:
        what = f"more than {_MOST_VALUES:,} values or {_MOST_OBJECTS:,} objects in one answer; that many are taken"
        raise OdooError("size", what, at=server.url, hint="check that this is Odoo")
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise OdooError("answer", "the answer is not JSON", at=server.url, hint=_HOST_HINT) from None


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _moved(answer: WireAnswer, server: ServerAddress) -> str:
    try:
        target = urlsplit(answer.moved)
        same, scheme = (target.hostname or server.host) == server.host, target.scheme or server.scheme
    except ValueError:
        return _HOST_HINT
    if not server.is_tls and scheme == "https":
        return "it redirects to https: write https and the TLS port in URL (a redirect would lose the call)"
    if not same:
        return "it redirects to another host, which is not followed: give the address of Odoo itself"
    return "redirects are not followed: give the address that Odoo itself has"
