"""From what readers found to observed files and a report: the one way in for files, servers and answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from retailctl.api.auditing import judge, make_report
from retailctl.api.loading import load
from retailctl.api.scanning.merges import Decisions, decisions, suggestions_text
from retailctl.api.session import Session
from retailctl.errors import IncompleteError, InputError
from retailctl.graph.estate_graph import EstateGraph
from retailctl.inventory.assemble import OBSERVED_PREFIX
from retailctl.inventory.identity.entries import BySource, coverage_entries, entries
from retailctl.inventory.identity.groups import Grouped, group
from retailctl.inventory.identity.names import slug
from retailctl.inventory.identity.suggest import Suggestion, suggest
from retailctl.inventory.observed_text import document, mapping_text
from retailctl.inventory.reading import Found
from retailctl.model.estate import Estate
from retailctl.model.inventory_file import KIND_OF_SECTION
from retailctl.model.report import Report
from retailctl.model.scan_summary import ScanSummary, SourceSeen
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.lock import workspace_lock

LOCK: Final = "inventories/ids.lock.yaml"
MERGES: Final = "inventories/merges.yaml"
_HEAD: Final = "Written by retailctl inventory scan; do not edit by hand."
_LOCK_HEAD: Final = "Ids that retailctl gave to what nobody has named. Keep it under version control: an id stays."
# What a scan judges: where sources disagree, and what only a source can show. Everything else is for `audit`.
_FAMILIES: Final = ("EST10", "ODO")
_RULES: Final = frozenset({"OWN-13", "OWN-14", "SEC-01", "SEC-04", "SEC-06", "SEC-07", "SEC-12", "MIG-01"})


@dataclass(slots=True)
class Taken:
    """What readers gave, sorted out; ``files`` counts them by source."""

    seen: list[Seen] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    unrecognised: int = 0
    refused: int = 0

    def take(self, found: Iterable[Found]) -> None:
        """Sort what one reader yields; an InputError that it raises ends the file, not the scan."""
        try:
            for one in found:
                if isinstance(one, Seen):
                    self.seen.append(one)
                elif isinstance(one, Coverage):
                    self.coverage.append(one)
                else:
                    self.problems.append(one)
        except InputError as error:
            self.problems.append(error)
            self.refused += 1
        except IncompleteError as error:
            self.unreadable.append(error)


def take_in(session: Session, taken: Taken, *, command: str, out: Path | None = None, dry_run: bool = False) -> Report:
    """Identity, merge, judgement and files, in this order: nothing is written before everything is judged.

    ``out`` is a folder for the observed files; None means that of the workspace, where they replace those of the same
    sources. Raises IncompleteError when another process holds the workspace or a file cannot be written.
    """
    estate = hand_kept(session)
    decided = decisions(session)
    lock = _lock(session)
    grouped = group(taken.seen, estate, lock=lock, merged=decided.merged)
    by_source = entries(grouped, estate, session.as_of)
    coverage = coverage_entries(taken.coverage, grouped)
    suggested = suggest(grouped, estate, decided.settled)
    texts = observed_texts(by_source, coverage)
    report = _judged(session, taken, texts, command)
    summary = _summary(taken, grouped, estate, by_source, len(suggested))
    if not dry_run:
        written = _write(session, texts, {**lock, **grouped.keys}, lock, suggested, decided, out, command)
        summary = replace(summary, written=tuple(written))
    # That other rules were not judged is no news here: `audit` judges them.
    return replace(report, summary=replace(report.summary, scan=summary, skipped_rules=()))


def hand_kept(session: Session) -> Estate:
    """The estate as people declare it, without what earlier scans saw."""
    kinds = dict(session.files.by_kind)
    kinds["inventory"] = tuple(path for path in session.files.of("inventory") if not path.startswith(OBSERVED_PREFIX))
    return load(replace(session, files=replace(session.files, by_kind=kinds)), for_rules=False).estate


def observed_texts(by_source: BySource, coverage: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The observed file of every source, by file name."""
    texts: dict[str, str] = {}
    for source in sorted({*by_source, *coverage}):
        sections: dict[str, list[dict[str, Any]]] = {"coverage": list(coverage.get(source, ()))}
        sections |= {name: by_source.get(source, {}).get(name, []) for name in KIND_OF_SECTION}
        texts[f"{slug(source)}.yaml"] = document(_HEAD, sections)
    return texts


def _judged(session: Session, taken: Taken, texts: Mapping[str, str], command: str) -> Report:
    """What the estate looks like with the new observations in it, whether or not they are written."""
    new = {f"{OBSERVED_PREFIX}{name}": text for name, text in texts.items()}
    kinds = dict(session.files.by_kind)
    kinds["inventory"] = tuple(sorted({*session.files.of("inventory"), *new}))
    for path, text in new.items():
        session.documents.give(path, text.encode())
    inside = replace(session, files=replace(session.files, by_kind=kinds))
    rules = tuple(rule for rule in inside.rules if rule.id.startswith(_FAMILIES) or rule.id in _RULES)
    loaded = load(inside)
    loaded.problems.extend(taken.problems)
    loaded.unreadable.extend(taken.unreadable)
    graph = EstateGraph(loaded.estate)
    evaluation = judge(inside, loaded, graph, rules)
    return make_report(inside, loaded, graph, evaluation, command=command, judged=[rule.id for rule in rules])


def _lock(session: Session) -> dict[str, str]:
    if not session.files.of("ids"):
        return {}
    data = session.documents.read(LOCK).data
    ids = data.get("ids") if isinstance(data, Mapping) else None
    return {str(key): str(id_) for key, id_ in ids.items()} if isinstance(ids, Mapping) else {}


def _summary(taken: Taken, grouped: Grouped, estate: Estate, by_source: BySource, suggested: int) -> ScanSummary:
    interfaces = [one for one in grouped.groups.values() if one.kind == "interface"]
    known: dict[str, Counter[bool]] = defaultdict(Counter)
    sightings: Counter[str] = Counter()
    for one in grouped.groups.values():
        for source in {each.seen.source for each in one.known} if one.kind == "interface" else ():
            known[source][one.declared] += 1
        sightings.update(each.seen.source for each in one.known)
    sources = sorted({*by_source, *taken.files})

    def strangers(section: str) -> int:
        kind = KIND_OF_SECTION[section]
        ids = {row["id"] for sections in by_source.values() for row in sections.get(section, ())}
        return len(ids - set(estate.of(kind)) - (set(estate.of("partner")) if kind == "system" else set()))

    return ScanSummary(
        sources=tuple(
            SourceSeen(source=s, files=taken.files[s], sightings=sightings[s], declared=known[s][True],
                       observed=known[s][False])
            for s in sources
        ),
        declared=len(estate.of("interface")),
        seen_declared=sum(one.declared for one in interfaces),
        observed_interfaces=sum(not one.declared for one in interfaces),
        observed_systems=strangers("systems"),
        observed_credentials=strangers("credentials"),
        suggested=suggested,
        unrecognised=taken.unrecognised,
        refused=taken.refused,
    )  # fmt: skip


def _write(
    session: Session,
    texts: Mapping[str, str],
    ids: Mapping[str, str],
    lock: Mapping[str, str],
    suggested: list[Suggestion],
    decided: Decisions,
    out: Path | None,
    command: str,
) -> list[str]:
    with workspace_lock(session.root, command):
        folder = out if out is not None else session.root / OBSERVED_PREFIX
        for needed in (folder, (session.root / LOCK).parent):  # the second is not above the first with --out
            needed.mkdir(parents=True, exist_ok=True)
        shown = out.name if out is not None else OBSERVED_PREFIX.rstrip("/")
        written = []
        for name, text in texts.items():
            write_atomic(folder / name, text)
            written.append(f"{shown}/{name}")
        if dict(ids) != dict(lock):
            write_atomic(session.root / LOCK, mapping_text(_LOCK_HEAD, "ids", ids))
            written.append(LOCK)
        merges = suggestions_text(decided, suggested)
        if merges is not None:
            write_atomic(session.root / MERGES, merges)
            written.append(MERGES)
    return written
