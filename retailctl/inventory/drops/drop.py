"""A drop: a folder on a server, who uses it and how, before it becomes a sighting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.found_secrets import credential
from retailctl.inventory.loose import number, text
from retailctl.inventory.reading import Reading
from retailctl.inventory.urls import Url
from retailctl.model.interface_key import FileKey
from retailctl.model.seen import Seen, SeenConsumer

PROTOCOLS: Final = {
    "sftp": "sftp", "ssh": "sftp", "scp": "sftp", "ftp": "ftp", "ftps": "ftp", "ftpes": "ftp", "file": "file",
    "local": "file", "smb": "file", "s3": "file",
}  # fmt: skip
_USUAL: Final = {"sftp": 22, "ftp": 21}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """``way`` is read (fetch from there), write (put there) or empty where that is not told.

    ``user`` and ``secret`` are the account and what stands for its secret (at ``secret_line``, else the same line);
    ``consumer`` is who uses the folder.
    """

    line: int
    protocol: str
    host: str
    directory: str = ""
    pattern: str = ""
    user: str = ""
    secret: Any = None
    setting: str = ""
    secret_line: int = 0
    consumer: str = ""
    name: str = ""
    way: Literal["read", "write", ""] = ""
    schedule: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


def host_of(host: Any, port: Any, protocol: str) -> str:
    """Host with its port, where that is not the usual one of the protocol."""
    place, known = text(host), number(port)
    return f"{place}:{known}" if place and known is not None and known != _USUAL.get(protocol) else place


def drop_of(url: Url, line: int, **more: Any) -> Drop | None:
    """The drop at an address; None for schemes that move no files."""
    protocol = PROTOCOLS.get(url.scheme)
    if protocol is None:
        return None
    known: dict[str, Any] = {"user": url.user, "secret": url.secret or None, "directory": url.path}
    clear = {"clear_text": True} if url.is_clear_text else {}
    figures = {**clear, **more.pop("figures", {})}
    return Drop(**{**known, "line": line, "protocol": protocol, "host": url.name, "figures": figures, **more})


def seen_of(drop: Drop, artefact: Artefact, reading: Reading) -> Iterator[Seen]:
    """The interface of a drop, and the credential where its secret stands beside it.

    ``mode: batch``, as files are; the directory without its last slash, as people write keys.
    """
    ref, protocol = artefact.ref(drop.line), PROTOCOLS.get(drop.protocol, "file")
    host = drop.host or reading.system or artefact.path
    directory = drop.directory if drop.directory in ("", "/") else drop.directory.rstrip("/")
    figures = {"way": drop.way, "name": drop.name, **drop.figures}
    values: dict[str, Any] = {"mode": "batch"}
    if drop.schedule:
        values["schedule"] = drop.schedule
    if drop.way:
        values["direction"] = "out" if drop.way == "read" else "in"
    consumer = drop.consumer or reading.system
    users = (SeenConsumer(name=consumer, identity=drop.user or None),) if consumer and consumer != host else ()
    yield Seen(
        source="sftp",
        ref=ref,
        at=reading.as_of,
        name=drop.name,
        key=FileKey(
            protocol=protocol,  # type: ignore[arg-type]
            provider=host,
            host=host,
            directory=directory or None,
            pattern=drop.pattern or None,
        ),
        provider=host,
        consumers=users,
        environment=reading.environment,
        values=values,
        figures={name: value for name, value in figures.items() if value not in ("", None, [])},
    )
    account = drop.user or drop.name or host
    ref = artefact.ref(drop.secret_line or drop.line)
    yield from credential(reading, "sftp", ref, account, drop.secret, setting=drop.setting or "password")
