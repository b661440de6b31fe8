"""One document from a host that was allowed by name: bounded in time and size, and nothing but that document.

Only ``https``, except on this machine. No proxy, no credentials and no ``.netrc`` of the environment are used, and a
redirect is followed on the same host only. Certificates are checked against the usual authorities; ``SSL_CERT_FILE``
and ``SSL_CERT_DIR`` name others. No message quotes what a server answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from retailctl import __version__
from retailctl.connect.addresses import Resolve, is_loopback
from retailctl.errors import IncompleteError, InputError, Location
from retailctl.workspace import input_codes as codes
from retailctl.workspace.limits import Limits

if TYPE_CHECKING:  # httpx costs a tenth of a second: it is loaded when the first document is asked for
    import httpx

REDIRECTS: Final = 3
_MOVED: Final = frozenset((301, 302, 303, 307, 308))
_PAGES: Final = ("text/html", "application/xhtml+xml")
_HINT: Final = "Copy the document into the workspace and refer to it by a relative path."


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, to wait for the next bytes, and for everything together."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0


def fetch_document(
    url: str,
    *,
    hosts: Collection[str],
    limits: Limits,
    timeouts: Timeouts | None = None,
    resolver: Resolve | None = None,
) -> bytes:
    """The bytes of the document at an address.

    ``hosts`` are the hosts that may be asked, in small letters. ``resolver`` stands in for the name server.
    Raises InputError (INP042) for what is refused: another host, scheme or address, a redirect elsewhere; and
    IncompleteError for what could not be had: no connection, no answer in time, another status, too large a body.
    """
    import httpcore
    import httpx

    from retailctl.connect.bodies import ACCEPTED, BodyTooLarge, UnknownEncoding
    from retailctl.connect.guard import AddressRefused, Deadline, GuardedBackend, GuardedTransport

    _check(url, url, hosts)
    waits = timeouts or Timeouts()
    deadline = Deadline(waits.total)
    client = httpx.Client(
        transport=GuardedTransport(GuardedBackend(hosts, deadline, resolver), httpx.create_ssl_context()),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(waits.read, connect=waits.connect),
        headers={
            "user-agent": f"retailctl/{__version__}",
            "accept": "application/json, application/yaml, */*;q=0.5",
            "accept-encoding": ACCEPTED,
        },
    )
    with client:
        try:
            return _get(client, url, hosts, limits.file_bytes)
        except (httpx.TimeoutException, httpcore.TimeoutException):
            seconds = waits.total if deadline.left() <= 0 else waits.read
            raise _failed(url, f"no answer within {seconds:g} seconds") from None
        except AddressRefused:
            hint = "Allow the address as well, if it is meant."
            raise _refused(url, "the name of the host leads to an address that is not public", hint) from None
        except BodyTooLarge:
            raise _failed(url, f"more than {limits.file_bytes:,} bytes; that many are allowed") from None
        except UnknownEncoding:
            raise _failed(url, "the body is packed in a way that cannot be read") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _failed(url, _network(error)) from None


def _get(client: httpx.Client, start: str, hosts: Collection[str], most: int) -> bytes:
    from retailctl.connect.bodies import bounded

    url = start
    for _ in range(REDIRECTS + 1):
        client.cookies.clear()
        with client.stream("GET", url) as answer:
            if answer.status_code in _MOVED and "location" in answer.headers:
                url = _next(start, url, answer.headers["location"], hosts)
                continue
            if answer.status_code != 200:
                raise _failed(start, f"the server answered with status {answer.status_code}")
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind in _PAGES:
                raise _failed(start, "the server answered with a web page, not with a document")
            return bounded(answer.iter_raw(), answer.headers.get("content-encoding", ""), most)
    raise _failed(start, f"more than {REDIRECTS} redirects")


def _next(start: str, url: str, target: str, hosts: Collection[str]) -> str:
    """Where a redirect leads: the same scheme, host and port."""
    try:
        there = urljoin(url, target)
        same = _origin(urlsplit(there)) == _origin(urlsplit(url))
    except ValueError:
        raise _failed(start, "it redirects to what is no address") from None
    if not same:
        raise _refused(start, "it redirects to another host, which is not followed")
    _check(there, start, hosts)
    return there


def _check(url: str, start: str, hosts: Collection[str]) -> None:
    """Raise InputError for an address that must not be asked, before anything is sent."""
    try:
        parts = urlsplit(url)
        scheme, host, _ = _origin(parts)
        plain = parts.username is None and parts.password is None
    except ValueError:
        raise _refused(start, "not a valid address") from None
    if not plain:
        raise _refused(start, "an address with a user or password in it is not followed")
    if host not in hosts:
        raise _refused(start, "the host is not one of those that were allowed by name")
    if scheme != "https" and not (scheme == "http" and is_loopback(host)):
        raise _refused(start, "only https is followed")


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def _network(error: Exception) -> str:
    """What went wrong on the way, in our words: those of libraries may quote what was received."""
    name = type(error).__name__
    if name == "ConnectError":
        return "the host cannot be reached, or its certificate is not valid"
    if name in ("RemoteProtocolError", "ReadError"):
        return "the server closed the connection, or did not speak HTTP"
    return f"the request failed ({name})"


def _refused(url: str, why: str, hint: str = "") -> InputError:
    code = codes.REFERENCE_DENIED
    return InputError(code, why, at=Location(shown(url)), hint=hint or codes.FIX[code])


def _failed(url: str, why: str) -> IncompleteError:
    return IncompleteError(f"cannot be fetched: {why}", at=Location(shown(url)), hint=_HINT)


def shown(url: str) -> str:
    """An address without user, password and query: they may be secrets."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(not a valid address)"
    return f"{parts.scheme}://{netloc}{parts.path}"
