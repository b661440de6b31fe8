"""Server logs of Odoo 16 to 19: who calls which model and method, or at least which path.

19.0 names model and method (``POST /jsonrpc#sale.order.search_read``, ``/json/2/sale.order/search_read``): one
interface per database, model and method. 16.0 to 18.0 log the path only. Calls over the protocols that end with a
later version are counted as ``legacy_calls``; those answer 200 whatever happened, so that errors of them are not told.
Lines without a request (other records, tracebacks, the three lines of a deprecation warning) belong to no call. What
stands behind ``/web/hook/`` is a secret and is cut, as are query strings.

Behind a reverse proxy the address is the proxy's unless ``proxy_mode`` is set: ``behind_proxy`` among the figures of
the server says where every call comes from the machine itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.traffic.clients import names_of
from retailctl.inventory.traffic.found import Reported
from retailctl.inventory.traffic.lines import ODOO, samples
from retailctl.inventory.traffic.reading_log import read_log
from retailctl.inventory.traffic.tally import Columns
from retailctl.inventory.traffic.uses import Use
from retailctl.model.interface_key import InterfaceKey, RpcKey

_RECORD: Final = re.compile(
    r"(?:.{0,120}?(?<![0-9-]))?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3} \d+ "
    r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL|RUNBOT) \S+ [\w.]+: "
)
_NAMED: Final = re.compile(r"/(jsonrpc|xmlrpc)(?:/2)?(?:/object)?#([a-z_][a-z0-9_.]*)\.([A-Za-z_]\w*)$")
_JSON_2: Final = re.compile(r"/json/2/([a-z_][a-z0-9_.]*)/([A-Za-z_]\w*)$")
_WEB_CLIENT: Final = re.compile(r"/web/dataset/(call_kw|call_button)(?:/[^/]+){0,2}$")
_LEGACY: Final = re.compile(r"jsonrpc$|xmlrpc(?:$|/)")
_ENDED: Final = b"endpoints are deprecated in Odoo"
_NO_DATABASE: Final = (b"?", b"None", b"-")
_JSON: Final = "json2"


def _detect(artefact: Artefact) -> float:
    lines = list(samples(artefact.first_lines))
    records = sum(1 for line in lines if _RECORD.match(line))
    if not records:
        return 0.0
    # Tracebacks may fill a head: one record of an Odoo module is proof, other Python logs have no database.
    return 0.98 if any(": " in line and (" odoo." in line or " werkzeug: " in line) for line in lines) else 0.3


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    totals: dict[str, int] = {}

    def parse(block: bytes, first: int) -> tuple[Columns | None, Sequence[int], list[int]]:
        ended = block.count(_ENDED)
        if ended:
            totals["deprecation_warnings"] = totals.get("deprecation_warnings", 0) + ended
        return ODOO.columns(block, first)

    reported = Reported("odoo-log", artefact, reading, names_of(reading), keyed=_key, totals=totals)
    yield from read_log(
        reported,
        parse,
        kind="a request in an Odoo server log",
        hint="log at level info, so that the server writes one line per request",
        special=_special,
        labelled=True,
        joined=_joined,
    )


def _special(database: bytes, method: str, path: str) -> Use | None:
    """Calls that name model and method, and the calls of the web client."""
    named = _NAMED.match(path)
    if named is not None:
        return Use(_database(database), named[1], (named[2], named[3]), "call")
    new = _JSON_2.match(path)
    if new is not None:
        return Use(_database(database), _JSON, (new[1], new[2]), "call")
    client = _WEB_CLIENT.match(path)
    if client is not None:
        return Use(b"", method, ("web", "dataset", client[1], "{model}", "{method}"), "path")
    return None


def _database(name: bytes) -> bytes:
    return b"" if name in _NO_DATABASE else name


def _joined(reported: Reported, uses: list[Use]) -> tuple[Reported, list[Use]]:
    """One use per database, model and method, whatever the protocol; and what the server is called."""
    whole: list[Use] = []
    calls: dict[tuple[bytes, tuple[str, ...]], Use] = {}
    databases: set[str] = set()
    for use in uses:
        databases |= use.labels | ({use.host.decode("utf-8", "replace")} if use.host else set())
        if use.kind != "call":
            whole.append(use)
            continue
        use.agents = {use.method: use.count}
        known = calls.setdefault((use.host, use.segments), use)
        if known is use:
            whole.append(use)
        else:
            known.take(use)
    only = next(iter(databases)) if len(databases) == 1 else ""
    server = reported.reading.system or only or reported.artefact.path
    return replace(reported, server=server, aliases=tuple(sorted(databases - {server}))), whole


def _key(use: Use) -> tuple[InterfaceKey | None, dict[str, Any]]:
    if use.kind != "call":
        figures: dict[str, Any] = {"databases": sorted(use.labels)} if use.labels else {}
        if _LEGACY.match("/".join(use.segments)) or _LEGACY.match(use.template.strip("/")):
            figures |= {"legacy_calls": use.count, "errors": None, "client_errors": None}
        return None, figures
    old = {protocol: count for protocol, count in use.agents.items() if protocol != _JSON}
    figures = {"protocols": dict(sorted(use.agents.items())), "agents": None, "template": None}
    # The protocol that ends is the one to know of, however few calls still use it.
    figures["transport"] = max(old, key=lambda protocol: (old[protocol], protocol), default=_JSON)
    if old:
        figures |= {"legacy_calls": sum(old.values()), "service": "object"}
    if sum(old.values()) == use.count:
        figures |= {"errors": None, "client_errors": None}
    model, method = use.segments
    database = use.host.decode("utf-8", "replace") or None
    return RpcKey(protocol="rpc", database=database, model=model, method=method), figures


READER = Reader("odoo-log", "server log of Odoo", _detect, _read)
