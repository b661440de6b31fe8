"""Addresses of brokers: from a variable of the environment, with a password that no message ever shows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from retailctl.connect.addresses import is_loopback
from retailctl.errors import UsageError

_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker is: hosts with their ports, and who asks. ``virtual`` is what stands behind the first slash."""

    hosts: tuple[tuple[str, int], ...]
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)
    virtual: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


def broker_address(
    variable: str, schemes: Mapping[str, tuple[bool, int]], *, plaintext: bool, environ: Mapping[str, str] | None = None
) -> BrokerAddress:
    """The address that a variable holds, as ``scheme://user:password@host:port/virtual?option=value``.

    ``schemes`` gives, per scheme, whether it is TLS and its port. Raises UsageError, which never quotes the address:
    for a variable that is not set, an address that is none, or one without TLS that leads off this machine although
    the plan does not say ``plaintext``.
    """
    text = (os.environ if environ is None else environ).get(variable, "")
    if not text.strip():
        raise UsageError(
            f"{variable} is not set", hint="set it to the address of the broker; a plan holds only its name"
        )
    found = _parsed(text.strip(), schemes)
    if found is None:
        first = next(iter(schemes))
        hint = f"write it as {first}://user:password@host:port, percent signs for odd characters"
        raise UsageError(f"{variable} holds no address of a broker", hint=hint)
    if not found.tls and not plaintext and not all(is_loopback(host) for host, _ in found.hosts):
        secure = next(name for name, (tls, _) in schemes.items() if tls)
        hint = f"write {secure}://, or `allow_plaintext: true` in the plan where no TLS is meant"
        raise UsageError(f"{variable} leads to a broker without TLS", hint=hint)
    return found


def _parsed(text: str, schemes: Mapping[str, tuple[bool, int]]) -> BrokerAddress | None:
    scheme, mark, rest = text.partition("://")
    if len(text) > _LONGEST or not mark or scheme.lower() not in schemes or not text.isprintable():
        return None
    tls, port = schemes[scheme.lower()]
    where, slash, more = rest.partition("/")
    if not slash:
        where, _, query = rest.partition("?")
        more = f"?{query}"
    who, _, where = where.rpartition("@")
    user, _, password = who.partition(":")
    hosts = [_host(part, port) for part in where.split(",")]
    if any(host is None for host in hosts):
        return None
    virtual, _, query = more.partition("?")
    return BrokerAddress(
        tuple(host for host in hosts if host is not None), tls, unquote(user), unquote(password),
        unquote(virtual), dict(parse_qsl(query)),
    )  # fmt: skip


def _host(text: str, port: int) -> tuple[str, int] | None:
    try:
        parts = urlsplit(f"//{text}")
        found = parts.port
    except ValueError:
        return None
    return (parts.hostname, found or port) if parts.hostname and not parts.path else None
