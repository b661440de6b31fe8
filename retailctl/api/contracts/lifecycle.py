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
from retailctl.contracts.rules.levels import SEVERITIES, Levels
from retailctl.contracts.rules.rules import rule
from retailctl.errors import IncompleteError, InputError, Location
from retailctl.graph.estate_graph import provider_of
from retailctl.model.contract_change import AffectedConsumer, AffectedOperation, ContractChange
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.finding import Evidence, Finding, Verdict, fingerprint
from retailctl.model.interface import Interface

NEAR_DAYS: Final = 30
QUIET_DAYS: Final = 30
"""A call this long ago says nothing of what is retired today: nobody wrote down the day of the retirement."""
_FIXES: Final = {
    "api-called-after-sunset": "Move the callers that are named, or postpone the sunset and tell them.",
    "api-sunset-not-observed": "Read a log of the provider that reaches past the sunset, and state its coverage.",
    "api-sunset-near": "Agree on a day with each owner that is named, or postpone the sunset.",
    "api-retired-but-called": "Put it back into service with a sunset, or find the caller and end the calls.",
    "api-called-but-undocumented": "Describe the operation in the contract, or move its callers to one that is.",
}


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
    judge = _Judge(workspace, levels, as_of)
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
    levels: Levels
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
                yield from self._finding(
                    "api-retired-but-called", document, interface.id, interface.id, new=_told([traffic], since),
                    at=self._interface(interface.id, "lifecycle"), consumers=consumers, seen=[traffic],
                    owner=interface.owner,
                )  # fmt: skip

    def undocumented(self, one: Undocumented) -> Iterator[Finding]:
        """A call that nobody describes."""
        interface = one.traffic.interface
        document = next(
            found for found in self.workspace.loaded.estate.documents.values() if found.contract == one.contract
        )
        consumers = self._callers(one.traffic, date.min, None)
        yield from self._finding(
            "api-called-but-undocumented", document, f"{one.method} {one.address}", interface.id,
            where=one.contract, new=_told([one.traffic], date.min), at=self._interface(interface.id, "key"),
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
        return self._finding(
            id_, document, ending.shown, ending.shown, old=ending.sunset.isoformat() if ending.sunset else "",
            new=told, at=self._place(ending), consumers=tuple(consumers), seen=seen, verdict=verdict,
            operation=ending.operation.name if ending.operation else "",
        )  # fmt: skip

    def _finding(
        self,
        id_: str,
        document: ContractDocument,
        what: str,
        subject: str,
        *,
        old: str = "",
        new: str = "",
        where: str = "",
        at: Location | None,
        consumers: tuple[AffectedConsumer, ...],
        seen: Iterable[Traffic],
        verdict: Verdict = "fail",
        operation: str = "",
        owner: str | None = None,
    ) -> Iterator[Finding]:
        severity = SEVERITIES[self.levels.of(id_)]
        if severity is None:
            return
        row = rule(id_)
        name = f"{document.contract}: {subject}"
        yield Finding(
            rule=row.id,
            name=row.docs,
            verdict=verdict,
            severity=severity,
            subject=name,
            message=row.message(what, old=old, new=new, where=where),
            fix=_FIXES[id_],
            locations=(at,) if at is not None else (),
            related=tuple(self._sighting(one) for one in seen),
            owner=document.owner or owner,
            domain=document.domain,
            stage="migration",
            fingerprint=fingerprint(row.id, name, document.version or "" if operation else ""),
            change=ContractChange(
                operation=operation or (what if " /" in what else ""),
                operations=(AffectedOperation(operation),) if operation else (),
                area=row.area,
                kind=row.kind,
                action=row.action,
                contract=document.contract,
                old=old,
                new=new,
                consumers=consumers,
                consumers_known=True,
            ),
        )

    def _sighting(self, traffic: Traffic) -> Evidence:
        words = " ".join(filter(None, (traffic.source, traffic.ref)))
        text = f"{traffic.interface.id}: {traffic.seen}" + (f" ({words})" if words else "")
        return Evidence(text, self._interface(traffic.interface.id, "sightings", last=True))

    def _place(self, ending: Ending) -> Location | None:
        """The date in the document, or in ``contract.yaml``; else the document."""
        operation = ending.operation
        if operation is not None:
            return self._locate(operation.place.path, f"{operation.place.pointer}/x-sunset")
        wanted = (ending.document.version or "").lstrip("vV")
        for path, promise in self.workspace.loaded.promises.items():
            if promise.id != ending.document.contract:
                continue
            for number, version in enumerate(promise.versions or ()):
                if version.version.lstrip("vV") == wanted:
                    key = "sunset" if version.sunset is not None else "lifecycle"
                    return self._locate(path, f"/versions/{number}/{key}")
            return self._locate(path, "/lifecycle")
        return Location(ending.document.path)

    def _interface(self, id_: str, attribute: str, *, last: bool = False) -> Location | None:
        """Where an attribute of an interface is written, else the entry itself; what was observed stands last."""
        origins = self.workspace.consumers.observed.interfaces[id_].origins
        for origin in reversed(origins) if last else origins:
            place = self._locate(origin.path, f"{origin.pointer}/{attribute}")
            if place is not None and place.pointer.endswith(f"/{attribute}"):
                return place
        return self._locate(origins[0].path, origins[0].pointer)

    def _locate(self, path: str, pointer: str) -> Location | None:
        try:
            return self.workspace.session.documents.read(path, owned=False).locate(pointer)
        except (InputError, IncompleteError):
            return Location(path, pointer=pointer)


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
