"""From uses to what a reader yields: interfaces with their consumers, the server with its totals, and coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reading
from retailctl.inventory.traffic.agents import is_reader
from retailctl.inventory.traffic.clients import Names, consumers, day
from retailctl.inventory.traffic.tally import SHOWN
from retailctl.inventory.traffic.uses import Use
from retailctl.model.interface_key import HttpKey, InterfaceKey
from retailctl.model.redaction import redact
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage, Window

# What is sure of an interface that only browsers ask for, and that may as well be a page.
_PAGE: Final = 0.5
# Key of a use that is no plain http interface (None: it is one), and figures that change or add to the usual ones.
Keyed = Callable[[Use], tuple[InterfaceKey | None, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Reported:
    """One log: its source, where it lies, and how its uses become keys.

    ``server`` is the provider of all uses where lines do not say it, ``aliases`` are its other names, and ``totals``
    figures of it beside the counted ones.
    """

    source: str
    artefact: Artefact
    reading: Reading
    names: Names
    keyed: Keyed | None = None
    server: str = ""
    aliases: tuple[str, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)

    def provider(self, use: Use) -> str:
        """Host of the line, else what the user said, else the file."""
        return self.server or use.host.decode("ascii", "replace") or self.reading.system or self.artefact.path

    def found(self, uses: Iterable[Use]) -> Iterator[Found]:
        """Everything, by provider; the totals of a provider add up to the lines that have a request."""
        servers: dict[str, list[Use]] = {}
        for use in uses:
            servers.setdefault(self.provider(use), []).append(use)
        for provider, of_one in sorted(servers.items()):
            days = [on for use in of_one for on in (use.first, use.last) if on]
            window = (date.fromordinal(min(days)), date.fromordinal(max(days))) if days else None
            for use in sorted(of_one, key=lambda use: (use.method, use.template, use.segments)):
                if use.is_offered:
                    yield self._interface(use, provider, (window[1] - window[0]).days + 1 if window else 0)
            yield self._server(of_one, provider)
            if window is not None:
                for scope in (provider, *(() if self.reading.system else self.aliases)):
                    yield Coverage(source=self.source, scope=scope, window=Window(start=window[0], end=window[1]))

    def _interface(self, use: Use, provider: str, days: int) -> Seen:
        template = redact(use.template or "/" + "/".join(use.segments))
        key, more = self.keyed(use) if self.keyed is not None else (None, {})
        if key is None:
            key = HttpKey(protocol="http", provider=provider, method=use.method, address=template)
        seen, left_out = consumers(use.consumers.items(), self.names, SHOWN)
        figures = _figures(use, days) | more
        if left_out + use.folded:
            figures["calls_of_other_clients"] = left_out + use.folded
        page = use.kind == "path" and use.method == "GET" and all(map(is_reader, use.agents)) and bool(use.agents)
        return Seen(
            source=self.source,
            ref=self.artefact.ref(use.line),
            at=day(use.last),
            key=key,
            provider=provider,
            consumers=seen,
            environment=self.reading.environment,
            figures={name: value for name, value in figures.items() if value is not None},
            confidence=_PAGE if page else 1.0,
        )

    def _server(self, uses: list[Use], provider: str) -> Seen:
        totals: dict[str, int] = {}
        for use in uses:
            name = {
                "path": "calls",
                "known": "calls",
                "call": "calls",
                "static": "static",
                "preflight": "preflight",
            }.get(use.kind, use.kind)
            name = "absent" if name == "calls" and not use.is_offered else name
            totals[name] = totals.get(name, 0) + use.count
        clients = {client.split(b" ", 1)[0] for use in uses for client in use.consumers}
        local = bool(clients) and clients <= {b"127.0.0.1", b"::1"}
        latest = max(uses, key=lambda use: (use.last, use.line))
        return Seen(
            source=self.source,
            ref=self.artefact.ref(latest.line),
            kind="system",
            at=day(latest.last),
            name=provider,
            environment=self.reading.environment,
            values={"aliases": list(self.aliases)} if self.aliases and self.reading.system else {},
            figures=dict(sorted(totals.items())) | self.totals | ({"behind_proxy": True} if local else {}),
        )


def _figures(use: Use, days: int) -> dict[str, Any]:
    first, last = day(use.first), day(use.last)
    figures: dict[str, Any] = {
        "count": use.count,
        "errors": use.errors,
        "client_errors": use.refused,
        "clients": len(use.consumers),
        "peak_per_minute": use.peak,
        "template": "known" if use.kind == "known" else "learned",
    }
    if first and last:
        figures |= {"first_seen": first.isoformat(), "last_seen": last.isoformat()}
        figures["per_day"] = -(-use.count // days)
    if use.agents:
        figures["agents"] = dict(sorted(use.agents.items(), key=lambda item: (-item[1], item[0])))
    return figures
