"""Which addresses a request may go to: what a host is called decides where its name may lead.

A host that somebody allowed can still point its name at the machine that runs us, or at the address that hands out
credentials inside a cloud. So a public name must lead to public addresses. Whoever keeps schemas on a private network
under a public name allows the address by name as well.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
"""(host, port) -> the addresses that its name leads to, as text; OSError when there are none."""

PRIVATE_NAMES: Final = (".internal", ".local", ".home.arpa", ".lan", ".intranet", ".corp")
"""Endings that no public name has; a name without a dot has none either."""

_NAT64: Final = IPv6Network("64:ff9b::/96")


def literal(host: str) -> Address | None:
    """The address that a host is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """True for this machine, by address or by the name that is reserved for it (RFC 6761)."""
    address = literal(host)
    if address is not None:
        return _plain(address).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def may_reach(host: str, answer: str, named: Collection[str]) -> bool:
    """Whether a request for ``host`` may go to the address that its name leads to.

    ``named`` are the hosts that the user allowed: an address among them is meant, whatever it is.
    """
    found = literal(answer.partition("%")[0])
    if found is None:
        return False
    address = _plain(found)
    own = literal(host)
    if own is not None:
        return _plain(own) == address
    if str(address) in named:
        return True
    if is_loopback(host):
        return address.is_loopback
    if "." not in host or host.endswith(PRIVATE_NAMES):
        return not (address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified)
    return address.is_global and not address.is_multicast


def may_replay(host: str, answer: str, named: Collection[str]) -> bool:
    """Whether a request for a service that a plan names may go to the address that its name leads to.

    Services of a shop are in its own network, often under a public name: private addresses are meant. This machine and
    the address that hands out credentials inside a cloud are not, unless the plan allows them by address.
    """
    if may_reach(host, answer, named):
        return True
    found = literal(answer.partition("%")[0])
    address = None if found is None else _plain(found)
    if address is None or literal(host) is not None or is_loopback(host):
        return False
    return address.is_private and not (
        address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    )


def resolve(host: str, port: int, seconds: float, ask: Resolve | None = None) -> list[str]:
    """The addresses of a host, asked for no longer than ``seconds``. Raises OSError, TimeoutError among it.

    The resolver of the system has no time limit of its own, so it is asked on the side.
    """
    answers: list[str] = []
    errors: list[OSError] = []

    def run() -> None:
        try:
            answers.extend((ask or _system)(host, port))
        except OSError as error:
            errors.append(error)
        except UnicodeError:
            errors.append(OSError("the name cannot be looked up"))

    worker = threading.Thread(target=run, name="resolve", daemon=True)
    worker.start()
    worker.join(max(seconds, 0.0))
    if worker.is_alive():
        raise TimeoutError("the name was not resolved in time")
    if errors:
        raise errors[0]
    return list(answers)


def _system(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _plain(address: Address) -> Address:
    """An IPv4 address in IPv6 clothes is the IPv4 address that the request would reach (RFC 4291, 3056, 6052)."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address
