"""Lifecycle against observed traffic: what is called after its last day, though it is retired, or undescribed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from retailctl.api.contracts.endings import Ending, Undocumented, endings, undocumented
from retailctl.api.contracts.estate import Workspace
from retailctl.api.contracts.traffic import Traffic, Watched, days_before
from retailctl.api.contracts.traffic_findings import TrafficFindings
from retailctl.contracts.rules.levels import Levels
from retailctl.graph.estate_graph import provider_of
from retailctl.model.contract_change import AffectedConsumer
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.finding import Finding, Verdict
from retailctl.model.interface import Interface

NEAR_DAYS: Final = 30
QUIET_DAYS: Final = 30
"""A call this long ago says nothing of what is retired today: nobody wrote down the day of the retirement."""


def lifecycle_findings(
    workspace: Workspace, levels: Levels, as_of: date, contracts: Iterable[str] = ()
) -> tuple[list[Finding], list[str]]:
    """Findings about every API contract (or those named), and what could not be asked, in words.

    Without an inventory there is nobody to ask: then the versions that have ended are counted, and nothing is judged.
    """
    wanted = set(contracts)
    estate = workspace.loaded.estate
    documents = {
        path: one
        for path, one in estate.documents.items()
        if one.is_api and (not wanted or one.contract in wanted)
    }  # fmt: skip
    judge = _Judge(workspace, TrafficFindings(workspace, levels), as_of)
    seen = workspace.consumers.observed
    on: dict[str, list[Interface]] = defaultdict(list)
    for entry in seen.interfaces.values():
        if entry.noun.contract:
            on[entry.noun.contract].append(entry.noun)
    found: list[Finding] = []
    over = 0
    for path, document in documents.items():
        for ending in endings(document, on.get(path, ()), seen):
            if seen.interfaces:
                found.extend(judge.ending(ending))
            else:
                over += ending.retired or (ending.sunset is not None and ending.sunset < as_of)
        if document.lifecycle != "retired":
            found.extend(judge.retired_interfaces(document, on.get(path, ())))
    for one in undocumented(estate.documents, seen):
        if not wanted or one.contract in wanted:
            found.extend(judge.undocumented(one))
    notice = f"{over} parts of contracts are past their sunset; without an inventory nobody can say who calls them"
    return found, [notice] if over else []


@dataclass(frozen=True, slots=True)
class _Judge:
    workspace: Workspace
    found: TrafficFindings
    as_of: date

    def ending(self, ending: Ending) -> Iterator[Finding]:
        """What ends or has ended: called, not called, or nobody looked."""
        if ending.retired:
            since = ending.sunset or days_before(self.as_of, QUIET_DAYS)
            yield from self._called("api-retired-but-called", ending, since)
            return
        if ending.sunset is None:
            return
        if ending.sunset < self.as_of:
            called = list(self._called("api-called-after-sunset", ending, ending.sunset))
            yield from called or self._not_observed(ending, ending.sunset)
        elif ending.sunset - self.as_of <= timedelta(days=NEAR_DAYS):
            yield from self._near(ending, ending.sunset)

    def retired_interfaces(self, document: ContractDocument, interfaces: Iterable[Interface]) -> Iterator[Finding]:
        """Interfaces that are retired while their contract is not, and that are called."""
        since = days_before(self.as_of, QUIET_DAYS)
        for interface in interfaces:
            traffic = self.workspace.consumers.observed.traffic[interface.id]
            if interface.lifecycle == "retired" and traffic.until is not None and traffic.until > since:
                consumers = self._callers(traffic, since, document.path)
                yield from self.found.make(
                    "api-retired-but-called", document, interface.id, interface.id, new=_told([traffic], since),
                    at=self.found.place_in(interface.id, "lifecycle"), consumers=consumers, seen=[traffic],
                    owner=interface.owner,
                )  # fmt: skip

    def undocumented(self, one: Undocumented) -> Iterator[Finding]:
        """A call that nobody describes."""
        interface = one.traffic.interface
        document = next(
            found for found in self.workspace.loaded.estate.documents.values() if found.contract == one.contract
        )
        consumers = self._callers(one.traffic, date.min, None)
        yield from self.found.make(
            "api-called-but-undocumented", document, f"{one.method} {one.address}", interface.id,
            where=one.contract, new=_told([one.traffic], date.min), at=self.found.place_in(interface.id, "key"),
            consumers=consumers, seen=[one.traffic], owner=interface.owner,
        )  # fmt: skip

    def _called(self, id_: str, ending: Ending, since: date) -> Iterator[Finding]:
        hit = [one for one in ending.traffic if one.until is not None and one.until > since]
        if hit:
            consumers = [found for one in hit for found in self._callers(one, since, ending.document.path)]
            yield from self._of(id_, ending, _told(hit, since), consumers, hit)

    def _not_observed(self, ending: Ending, sunset: date) -> Iterator[Finding]:
        """Unknown for the providers that nobody watched after the day."""
        providers = {provider_of(one.interface) for one in ending.traffic} or {ending.document.provider}
        watched = [self.workspace.consumers.observed.watched(name) for name in sorted(name or "" for name in providers)]
        blind = [one for one in watched if not one.after(sunset)]
        if blind:
            told = "; ".join(_looked(one) for one in blind)
            consumers = self._declared(ending)
            yield from self._of("api-sunset-not-observed", ending, told, consumers, (), verdict="unknown")

    def _near(self, ending: Ending, sunset: date) -> Iterator[Finding]:
        consumers = [one for one in self._declared(ending) if one.uses != "no"]
        if consumers:
            told = ", ".join(dict.fromkeys(f"{one.system} on {one.interface}" for one in consumers))
            days = (sunset - self.as_of).days
            yield from self._of(
                "api-sunset-near", ending, f"{told}; {days} days left", consumers,
                [one for one in ending.traffic if one.until is not None],
            )  # fmt: skip

    def _declared(self, ending: Ending) -> list[AffectedConsumer]:
        """The consumers of the interfaces that are on it."""
        on_it = {one.interface.id for one in ending.traffic}
        everybody = self.workspace.consumers.of([ending.document.path], [])
        return [one for one in everybody if one.interface in on_it]

    def _callers(self, traffic: Traffic, since: date, path: str | None) -> tuple[AffectedConsumer, ...]:
        consumers = self.workspace.consumers
        days = dict(traffic.callers)
        return tuple(
            consumers.one(traffic.interface, system, "yes", f"observed: {_until(traffic, days.get(system))}", path)
            for system in traffic.callers_after(since)
        )

    def _of(
        self,
        id_: str,
        ending: Ending,
        told: str,
        consumers: Iterable[AffectedConsumer],
        seen: Iterable[Traffic],
        verdict: Verdict = "fail",
    ) -> Iterator[Finding]:
        document = ending.document
        return self.found.make(
            id_, document, ending.shown, ending.shown, old=ending.sunset.isoformat() if ending.sunset else "",
            new=told, at=self.found.place_of(ending), consumers=tuple(consumers), seen=seen, verdict=verdict,
            operation=ending.operation.name if ending.operation else "",
        )  # fmt: skip


def _told(traffic: Iterable[Traffic], since: date) -> str:
    """Who was seen, how often and until when."""
    parts = []
    for one in traffic:
        callers = ", ".join(one.callers_after(since)) or "somebody"
        parts.append(f"{callers} on {one.interface.id}, {one.seen}")
    return "; ".join(parts)


def _until(traffic: Traffic, day: date | None) -> str:
    if day is None or len(traffic.callers) == 1:
        return traffic.seen
    return f"until {day}, {traffic.calls:,} calls with others" if traffic.calls else f"called until {day}"


def _looked(watched: Watched) -> str:
    if watched.until is None:
        return f"nobody looked at the calls of {watched.provider or 'its provider'}"
    return f"the calls of {watched.provider} are known by {watched.shown} only"
