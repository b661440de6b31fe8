"""Canonical keys: equal tuples mean the same interface, whoever wrote them and however (estate.md section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from retailctl.model.interface_key import (
    EdiKey,
    EventKey,
    FileKey,
    HttpKey,
    InterfaceKey,
    JobKey,
    MailKey,
    RpcKey,
    SqlKey,
)

Resolve = Callable[[str], str]

_PARAMETER: Final = re.compile(r"\{[^/{}]*\}|<[^/<>]*>|(?<=/):[A-Za-z_]\w*|\$\{[^/{}]*\}")
_MAJOR: Final = re.compile(r"^v?(\d+)(?:\.\d+)*$", re.IGNORECASE)
_IN_PATH: Final = re.compile(r"/v(\d+)(?=/|$)", re.IGNORECASE)


class Canonical(NamedTuple):
    """``family`` and ``columns`` are the identity; ``version`` is the major one where the source tells it.

    An empty column is one that the source does not tell: a key with one is less specific than a key without.
    """

    family: str
    columns: tuple[str, ...]
    version: str = ""

    @property
    def text(self) -> str:
        """For the lock file and for people: ``http odoo POST /api/orders/{} v1``."""
        parts = (self.family, *(column or "-" for column in self.columns), self.version)
        return " ".join(part.replace(" ", "%20") for part in parts if part)


def canonical_key(key: InterfaceKey, provider: str, resolve: Resolve) -> Canonical | None:
    """The canonical form of a key; ``provider`` is the system that offers it, ``resolve`` gives systems for names.

    None when the key says nothing that could tell it from others.
    """
    known = provider or (resolve(key.provider) if key.provider else "")
    made = _ROWS[type(key)](key, known, resolve)
    return made if any(made.columns[1:] if made.family in ("http", "soap") else made.columns) else None


def template(path: str) -> str:
    """A path with its parameters nameless, without query and without a slash at the end."""
    clean = _PARAMETER.sub("{}", path.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])
    return "/" + "/".join(part for part in clean.split("/") if part)


def major(version: str | None, path: str = "") -> str:
    """``v2`` for 2, v2 and 2.4.1; from a segment of the path when nothing is declared; empty when nobody says."""
    found = _MAJOR.match((version or "").strip()) or _IN_PATH.search(path)
    return f"v{int(found[1])}" if found else (version or "").strip()


def _http(key: HttpKey, provider: str, _resolve: Resolve) -> Canonical:
    family = "http" if key.protocol == "http" else key.protocol
    method = (key.method or "").strip()
    path = template(key.address) if key.address else ""
    return Canonical(family, (provider, method.upper() if family == "http" else method, path), major(key.version, path))


def _event(key: EventKey, provider: str, resolve: Resolve) -> Canonical:
    cluster = resolve(key.cluster) if key.cluster else provider
    if key.protocol != "kafka" and key.queue:
        return Canonical("queue", (cluster, key.queue))
    name = (key.topic or key.address or "") if not key.exchange else key.exchange
    return Canonical(
        key.protocol, (cluster, name, key.routing_key or "", key.type or "" if not key.routing_key else "")
    )


def _edi(key: EdiKey, _provider: str, _resolve: Resolve) -> Canonical:
    return Canonical("edi", (key.sender or "", key.receiver or "", " ".join((key.message or "").upper().split())))


def _file(key: FileKey, provider: str, resolve: Resolve) -> Canonical:
    host = resolve(key.host) if key.host else provider
    directory = ("/" + (key.directory or "").strip("/")) if key.directory is not None else ""
    return Canonical("file", (host, directory, key.pattern or ""))


def _sql(key: SqlKey, provider: str, resolve: Resolve) -> Canonical:
    server, _, database = (key.database or "").partition("/")
    return Canonical("sql", (resolve(server) if server else provider, database, key.table or "", key.access or ""))


def _rpc(key: RpcKey, provider: str, resolve: Resolve) -> Canonical:
    return Canonical("rpc", (resolve(key.database) if key.database else provider, key.model or "", key.method or ""))


def _job(key: JobKey, provider: str, resolve: Resolve) -> Canonical:
    return Canonical("job", (resolve(key.host) if key.host else provider, key.unit or ""))


def _mail(key: MailKey, provider: str, resolve: Resolve) -> Canonical:
    return Canonical("mail", (resolve(key.host) if key.host else provider, (key.mailbox or "").lower()))


_ROWS: Final[dict[type, Callable[..., Canonical]]] = {
    HttpKey: _http, EventKey: _event, EdiKey: _edi, FileKey: _file, SqlKey: _sql, RpcKey: _rpc, JobKey: _job,
    MailKey: _mail,
}  # fmt: skip
