"""Calls to the outside as sightings: one interface per address, offered by the host that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from retailctl.inventory.odoo.code import Call, Code
from retailctl.inventory.odoo.database import Database
from retailctl.inventory.urls import Url, key_of
from retailctl.model.interface_key import FileKey, HttpKey
from retailctl.model.seen import Seen

_PATTERNS: Mapping[type, str] = {HttpKey: "rest", FileKey: "file"}


def called(
    database: Database,
    code: Code,
    model: str,
    id_: int,
    *,
    mechanism: str,
    values: Mapping[str, Any],
    figures: Mapping[str, Any],
) -> Iterator[Seen]:
    """One interface per address of a code text. ``figures`` belong to the record, so the first one only has them: a
    fact of the record is told once."""
    own: Mapping[str, Any] = figures
    for call in code.calls:
        key = key_of(call.url, method=call.method)
        if key is None:
            continue
        more = {"pattern": _PATTERNS.get(type(key)), "endpoints": endpoints(database, call.url)}
        yield database.seen(
            model,
            id_,
            mechanism="file" if isinstance(key, FileKey) else mechanism,
            key=key,
            provider=call.url.name,
            called=True,
            secret=call.secret,
            values={**more, **values},
            figures=own,
        )
        own = {"part_of": database.ref(model, id_)}


def hidden(database: Database, secrets: tuple[str, ...], model: str, id_: int, where: str) -> Iterator[Seen]:
    """A credential for each secret in clear: its print proves who shares it, and there is nothing else of it."""
    for secret in secrets:
        yield database.seen(
            model,
            id_,
            kind="credential",
            name=f"{model}:{id_}",
            provider=database.name,
            secret=secret,
            values={"vault": "none"},
            figures={"stands_in": where},
        )


def endpoints(database: Database, *urls: Url) -> list[dict[str, str]]:
    """Endpoints of an interface: scheme, host, port and path, with the environment where it is known."""
    where = {"environment": database.reading.environment} if database.reading.environment else {}
    return [{"url": clean, **where} for clean in dict.fromkeys(url.clean for url in urls)]


def single(url: Url, method: str = "", secret: str = "") -> Code:
    """One address as a code text with one call would give it."""
    return Code((Call(url, method, secret),), (secret,) if secret else ())
