"""The key of a row: from the columns of an export of our own, from an address, or from technology and address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from retailctl.inventory.registers.words import protocol_of
from retailctl.inventory.urls import Url, key_of, path_of, url_of
from retailctl.model.interface_key import (
    EdiKey,
    EventKey,
    FileKey,
    HttpKey,
    InterfaceKey,
    RpcKey,
    SqlKey,
)

_METHOD: Final = re.compile(r"^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|QUERY)$", re.IGNORECASE)
_CALL: Final = re.compile(r"^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|QUERY)\s+(\S+)$", re.IGNORECASE)
_HOST: Final = re.compile(r"^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}(?::\d{1,5})?(?:/|$)", re.IGNORECASE)
_ADAPTER: Final[TypeAdapter[InterfaceKey]] = TypeAdapter(InterfaceKey)


@dataclass(frozen=True, slots=True)
class Addressed:
    """``url`` is there when the address has a scheme or begins with a host: its secret is not kept by anybody."""

    key: InterfaceKey | None = None
    url: Url | None = None
    method: str = ""
    problem: str = ""


def key_in(cells: Mapping[str, str], provider: str) -> Addressed:
    """What the row says of protocol and address. ``provider`` is the system that offers it, if the row says so."""
    declared = {name[4:]: value for name, value in cells.items() if name.startswith("key.") and value}
    if "protocol" in declared:
        try:
            return Addressed(_ADAPTER.validate_python(declared))
        except ValidationError as error:
            where = ".".join(str(step) for step in error.errors()[0]["loc"][1:]) or "protocol"
            return Addressed(problem=f"key.{where} does not fit a key of protocol {declared['protocol'][:40]!r}")
    known = protocol_of(cells.get("protocol", ""))
    protocol = known[0] if known is not None else ""
    address, method = cells.get("address", "").strip(), cells.get("method", "").strip().upper()
    if called := _CALL.match(address):
        method, address = called[1].upper(), called[2]
    method = method if _METHOD.match(method) else ""
    if not address or " " in address:
        return Addressed(method=method)
    url = url_of(address)
    if url is None and _HOST.match(address) and protocol in ("http", "soap", "sftp", "ftp", "ws"):
        url = url_of(f"{protocol if protocol != 'soap' else 'http'}://{address}")
    if url is not None:
        return Addressed(_of_url(url, protocol, method, cells.get("version", "")), url, method)
    return Addressed(_of_words(protocol, path_of(address), method, cells, provider), None, method)


def _of_url(url: Url, protocol: str, method: str, version: str) -> InterfaceKey | None:
    key = key_of(url, method=method)
    if isinstance(key, HttpKey):
        return HttpKey(
            protocol="soap" if protocol == "soap" else key.protocol,
            provider=key.provider,
            method=key.method,
            address=key.address,
            version=version or None,
        )
    return key


def _of_words(protocol: str, address: str, method: str, cells: Mapping[str, str], provider: str) -> InterfaceKey | None:
    """An address without a host says something of a known system only; topics and tables are names by themselves."""
    version = cells.get("version", "") or None
    more: dict[str, Any] = {"provider": provider or None, "version": version}
    match protocol:
        case "http" | "soap" | "ws" if provider and address.startswith("/"):
            return HttpKey(protocol=protocol, method=method or None, address=address, **more)
        case "kafka" | "mqtt":
            return EventKey(protocol=protocol, topic=address, **more)
        case "amqp" | "jms":
            return EventKey(protocol=protocol, queue=address, **more)
        case "sftp" | "ftp" | "file" if "/" in address or "\\" in address:
            return FileKey(protocol=protocol, directory=address, **more)
        case "sql":
            return SqlKey(protocol="sql", table=address, **more)
        case "edi":
            return EdiKey(protocol="edi", message=address, **more)
        case "rpc" if "." in address:
            return RpcKey(protocol="rpc", model=address, method=method or None, **more)
    return None
