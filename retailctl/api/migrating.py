"""``migrations/`` as rules read it: what waves move, what plans cover, and evidence that is as it was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from retailctl.api.parallel.sealing import digest
from retailctl.errors import InputError, Location
from retailctl.model.estate import Estate
from retailctl.model.evidence_file import EvidenceFile, EvidenceWindow, RunEvidence
from retailctl.model.migration import EvidenceFact, Migration, MovedUnit, PlanFact
from retailctl.model.wave_file import WaveFile
from retailctl.workspace.boundary import validate
from retailctl.workspace.document import Document
from retailctl.workspace.input_codes import DANGLING_REFERENCE, EVIDENCE_CHANGED

_DIRECTIONS = frozenset({"in", "out", "both"})


@dataclass(slots=True)
class MigrationFiles:
    """The files of waves as they were read: waves and the ``covers`` of plans that are valid, evidence unjudged."""

    waves: dict[str, WaveFile] = field(default_factory=dict)
    plans: dict[str, tuple[Document, tuple[str, ...]]] = field(default_factory=dict)
    evidence: list[Document] = field(default_factory=list)
    unread: str = ""


def migration_of(files: MigrationFiles, estate: Estate, problems: list[InputError]) -> Migration:
    """What the files say together. What is wrong with evidence, or named and not there, is added to ``problems``."""
    if not files.waves and not files.plans and not files.evidence:
        return Migration(unread=files.unread)
    units = tuple(_units(files))
    plans = tuple(_plans(files, estate, problems))
    known = {(plan.wave, plan.name): plan for plan in plans}
    of_wave: dict[str, tuple[str, ...]] = {}
    for unit in units:
        folder = _folder(unit.location.path)
        of_wave[folder] = (*of_wave.get(folder, ()), unit.interface)
    evidence = []
    for document in files.evidence:
        found = _evidence(document, known, of_wave, estate, problems)
        if found is not None:
            evidence.append(found)
    return Migration(units=units, plans=plans, evidence=tuple(evidence), unread=files.unread)


def _folder(path: str) -> str:
    return PurePosixPath(path).parts[1]


def _units(files: MigrationFiles) -> Iterator[MovedUnit]:
    for path, file in sorted(files.waves.items()):
        together = file.wave.coexistence or ()
        for number, unit in enumerate(file.wave.units or ()):
            interface = interface_of(unit)
            yield MovedUnit(
                interface=interface,
                wave=file.wave.id,
                successors=tuple(dict.fromkeys(one.new for one in together if one.legacy == interface)),
                location=Location(path, pointer=f"/wave/units/{number}"),
            )


def interface_of(unit: str) -> str:
    """The interface of a unit, which is an interface or a flow (``interface:in|out|both:domain``)."""
    interface, *rest = unit.rsplit(":", 2)
    return interface if len(rest) == 2 and rest[0] in _DIRECTIONS else unit


def _plans(files: MigrationFiles, estate: Estate, problems: list[InputError]) -> Iterator[PlanFact]:
    for path, (document, covers) in sorted(files.plans.items()):
        problems.extend(_strangers(document, covers, estate))
        yield PlanFact(
            wave=_folder(path),
            name=PurePosixPath(path).stem,
            covers=tuple(map(interface_of, covers)),
            sha256=digest(document.data),
            location=Location(path, 1, 1),
        )


def _strangers(document: Document, covers: tuple[str, ...], estate: Estate) -> Iterator[InputError]:
    interfaces = estate.of("interface")
    for number, name in enumerate(covers):
        if interfaces and interface_of(name) not in interfaces:
            near = get_close_matches(interface_of(name), interfaces, n=1)
            yield InputError(
                DANGLING_REFERENCE,
                f"covers names {name[:200]}, which is no interface of the inventory",
                at=document.locate(("covers", number)),
                hint=f"did you mean {near[0]}?" if near else "add the interface, or correct the name",
            )


def _evidence(
    document: Document,
    plans: Mapping[tuple[str, str], PlanFact],
    of_wave: Mapping[str, tuple[str, ...]],
    estate: Estate,
    problems: list[InputError],
) -> EvidenceFact | None:
    """One file; None for one that proves nothing: wrong, changed, or of a plan that is gone."""
    data = document.data
    of_run = isinstance(data, Mapping) and data.get("kind") == "parallel_run"
    checked = validate(data, RunEvidence if of_run else EvidenceFile)
    file: Any = checked.value
    if file is None:
        problems.extend(problem.as_input_error(document.locate) for problem in checked.problems)
        return None
    if file.sha256 is not None and file.sha256 != _sealed(data):
        problems.append(
            InputError(EVIDENCE_CHANGED, "the file was changed after it was sealed", at=document.locate(("sha256",)))
        )
        return None
    folder = _folder(document.path)
    common: dict[str, Any] = {
        "id": file.id,
        "kind": file.kind,
        "wave": folder,
        "day": _last_day(file),
        "values": dict(file.values),
        "window_days": _length(file.window),
        "location": Location(document.path, pointer="/values" if "values" in data else "/id"),
    }
    if isinstance(file, RunEvidence):
        return _run(document, file, plans.get((folder, file.plan)), common, problems)
    problems.extend(_strangers(document, file.covers or (), estate))
    covers = of_wave.get(folder, ()) if file.covers is None else tuple(map(interface_of, file.covers))
    return EvidenceFact(**common, covers=covers, expires=file.expires)


def _sealed(data: Mapping[str, Any]) -> str:
    """The digest of all but the seal; empty for what no seal can be made of."""
    try:
        return digest({key: value for key, value in data.items() if key != "sha256"})
    except (TypeError, ValueError, RecursionError):
        return ""


def _run(
    document: Document, file: RunEvidence, plan: PlanFact | None, common: dict[str, Any], problems: list[InputError]
) -> EvidenceFact | None:
    if plan is None:
        problems.append(
            InputError(
                DANGLING_REFERENCE,
                f"the wave has no plan {file.plan[:80]} that is valid",
                at=document.locate(("plan",)),
                hint="restore the plan, or remove its evidence",
            )
        )
        return None
    return EvidenceFact(
        **common,
        covers=plan.covers,
        current=plan.sha256 == file.plan_sha256,
        plan=file.plan,
        verdict=file.verdict,
        rows=file.rows,
        classes=file.classes,
        gates=file.gates,
        controls=file.controls,
    )


def _last_day(file: EvidenceFile | RunEvidence) -> date:
    """The day that age counts from: the business day of a run, else the end of the window, else when it was made."""
    if isinstance(file, RunEvidence) and file.last_day is not None:
        return file.last_day
    return _day(file.window.end if file.window and file.window.end else file.at)


def _day(moment: date | datetime) -> date:
    """The last day that is told of: midnight is the end of the day before."""
    if isinstance(moment, datetime):
        return (moment - timedelta(microseconds=1)).date()
    return moment


def _length(window: EvidenceWindow | None) -> int:
    """Whole days of a window; the last day of two days counts."""
    if window is None or window.start is None or window.end is None:
        return 0
    start, end = window.start, window.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        same = (start.tzinfo is None) == (end.tzinfo is None)
        return max((end - start).days, 0) if same else 0
    return max((_day(end) - (start.date() if isinstance(start, datetime) else start)).days + 1, 0)
