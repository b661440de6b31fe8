"""Findings about observed calls: message, places in contract and inventory, consumers, fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from retailctl.api.contracts.endings import Ending
from retailctl.api.contracts.estate import Workspace
from retailctl.api.contracts.traffic import Traffic
from retailctl.contracts.rules.levels import SEVERITIES, Levels
from retailctl.contracts.rules.rules import rule
from retailctl.errors import IncompleteError, InputError, Location
from retailctl.model.contract_change import AffectedConsumer, AffectedOperation, ContractChange
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.finding import Evidence, Finding, Verdict, fingerprint

FIXES: Final = {
    "api-called-after-sunset": "Move the callers that are named, or postpone the sunset and tell them.",
    "api-sunset-not-observed": "Read a log of the provider that reaches past the sunset, and state its coverage.",
    "api-sunset-near": "Agree on a day with each owner that is named, or postpone the sunset.",
    "api-retired-but-called": "Put it back into service with a sunset, or find the caller and end the calls.",
    "api-called-but-undocumented": "Describe the operation in the contract, or move its callers to one that is.",
}


@dataclass(frozen=True, slots=True)
class TrafficFindings:
    """Makes findings at the levels in force."""

    workspace: Workspace
    levels: Levels

    def make(
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
        """One finding, or none where the rule is switched off."""
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
            fix=FIXES[id_],
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
        return Evidence(text, self.place_in(traffic.interface.id, "sightings", last=True))

    def place_of(self, ending: Ending) -> Location | None:
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

    def place_in(self, id_: str, attribute: str, *, last: bool = False) -> Location | None:
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
