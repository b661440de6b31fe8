"""``inventory scan``: files and folders read, or the sources that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from retailctl.api.memory import without_collection
from retailctl.api.options import AuditOptions
from retailctl.api.scanning.odoo_live import live_found, live_source
from retailctl.api.scanning.options import ScanOptions
from retailctl.api.scanning.places import Places, find
from retailctl.api.scanning.readings import reading_of, under
from retailctl.api.scanning.taking import Taken, take_in
from retailctl.api.scanning.templates import learn
from retailctl.api.session import Session, open_session
from retailctl.errors import ConfigError, UsageError
from retailctl.inventory.addons.reading import read_trees
from retailctl.inventory.addons.sightings import SOURCE as ADDONS
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.catalogue import dangling
from retailctl.inventory.reading import Reader, Reading
from retailctl.inventory.sources import kind_of
from retailctl.model.governance_files import SourceSettings
from retailctl.model.report import Report
from retailctl.workspace.discovery import SETTINGS


def inventory_scan(root: Path | None, paths: list[Path], scan: ScanOptions, options: AuditOptions) -> Report:
    """Read, identify, merge, judge, write.

    Without ``paths`` the file sources of the settings are read; servers only by ``scan.live``. Raises UsageError when
    there is nothing to read.
    """
    session = open_session(root, options)
    asked = list(_asked(session, paths, scan))
    for name in scan.live:  # a name that is wrong is told before anything is read
        live_source(session, name)
    with without_collection():
        taken = Taken()
        limits = session.effective.limits
        found = [(find(named, given.kind, session.root, limits), given) for named, given in asked]
        read_files(taken, found, reading_of(session, scan))
        _read_servers(session, taken, scan)
        return take_in(session, taken, command="inventory scan", out=scan.out, dry_run=scan.dry_run)


def _asked(session: Session, paths: list[Path], scan: ScanOptions) -> Iterator[tuple[list[Path], ScanOptions]]:
    """Paths with the options they are read under."""
    if paths:
        yield paths, scan
        return
    found = False
    for source in session.settings.sources or ():
        if source.live is None:
            found = True
            yield [_inside(session, source)], _of(session, source, scan)
    if not found and not scan.live:
        raise UsageError("nothing to scan", hint=f"name files or folders, or list them under sources: in {SETTINGS}")


def _read_servers(session: Session, taken: Taken, scan: ScanOptions) -> None:
    if scan.live and scan.server is None:
        raise UsageError("a live source needs an account", hint="give ScanOptions.server")
    for name in scan.live:
        assert scan.server is not None  # noqa: S101 - see above
        taken.take(live_found(session, name, scan.server))
        taken.files["odoo"] += 1


def _inside(session: Session, source: SourceSettings) -> Path:
    """A file that a workspace names lies in it: an untrusted repository must not choose what else is read."""
    if not source.path:
        raise ConfigError(f"source {source.id} has no path", hint=f"name a file or folder in {SETTINGS}")
    path = session.root / source.path
    if not path.resolve().is_relative_to(session.root.resolve()):
        raise ConfigError(
            f"source {source.id}: {source.path} leaves the workspace", hint="name it on the command line instead"
        )
    return path


def _of(session: Session, source: SourceSettings, scan: ScanOptions) -> ScanOptions:
    return replace(
        scan,
        kind=source.kind or scan.kind,
        system=source.system or scan.system,
        environment=source.environment or scan.environment,
        env_files=(session.root / source.env_file,) if source.env_file else scan.env_files,
        column_map=session.root / source.column_map if source.column_map else scan.column_map,
    )


def read_files(taken: Taken, found: list[tuple[Places, ScanOptions]], reading: Reading) -> None:
    """What the readers of all files see. Contracts come first: their paths are the templates for logs."""
    files: list[tuple[Artefact, Reader, Reading]] = []
    for places, given in found:
        taken.unrecognised += places.unrecognised
        taken.refused += len(places.problems)
        taken.problems.extend(places.problems)
        taken.unreadable.extend(places.unreadable)
        mine = under(reading, given)
        files.extend((artefact, reader, mine) for artefact, reader in places.files)
        if places.trees:
            taken.take(read_trees(places.trees, mine))
            taken.files[ADDONS] += len(places.trees)
    files.sort(key=lambda row: (kind_of(row[1].name) != "contract", row[0].path))
    for artefact, reader, mine in files:
        before = len(taken.seen)
        taken.take(reader.read(artefact, mine))
        source = taken.seen[before].source if len(taken.seen) > before else reader.name
        taken.files[source] += 1
        if kind_of(source) == "contract":
            learn(reading.templates, taken.seen[before:])
    taken.problems.extend(dangling(artefact for artefact, reader, _ in files if reader.name == "backstage"))
