"""``inventory addons``: the figures of addons source, and on request its sightings in the observed inventory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retailctl.api.addons_options import AddonsOptions
from retailctl.api.memory import without_collection
from retailctl.api.options import AuditOptions
from retailctl.errors import IncompleteError, InputError, UsageError
from retailctl.inventory.addons.facts import ModuleFacts
from retailctl.inventory.addons.figures import details_of, row_of, totals_of
from retailctl.inventory.addons.scan import Fingerprint, Scan
from retailctl.model.report import Report


@dataclass(slots=True)
class _Figures:
    """Grows while the modules go by; no module stays."""

    details: bool
    rows: list[dict[str, Any]] = field(default_factory=list)
    behind: list[dict[str, Any]] = field(default_factory=list)
    problems: list[InputError | IncompleteError] = field(default_factory=list)
    outside: int = 0

    def through(self, scan: Scan) -> Iterator[ModuleFacts]:
        """The modules of a scan, counted on their way."""
        for facts in scan.modules():
            row = row_of(facts)
            self.rows.append(row)
            self.problems += facts.problems
            if self.details and not facts.is_test:
                self.behind += [{"module": facts.technical, **one} for one in details_of(facts)]
            yield facts
        self.outside += scan.tree.outside
        self.problems += scan.unreadable

    def page(self) -> dict[str, Any]:
        """All of it as plain data."""
        page: dict[str, Any] = {
            "totals": {**totals_of(self.rows), "python_files_outside": self.outside},
            "modules": self.rows,
            "problems": [_told(error) for error in self.problems],
        }
        return {**page, "details": self.behind} if self.details else page


def inventory_addons(
    root: Path | None, paths: Sequence[Path], options: AddonsOptions, audit: AuditOptions
) -> tuple[dict[str, Any], Report | None]:
    """The figures as plain data, and the report of the scan where ``observe`` asks for it.

    Raises UsageError for a path that is no folder, and for folders without a single module.
    """
    folders = [_folder(path) for path in paths]
    figures = _Figures(options.details)
    with without_collection():
        if options.observe:
            report = _observed(root, folders, options, audit, figures)
        else:
            report = None
            for folder in folders:
                for _ in figures.through(Scan(folder, _shown(folder, Path.cwd()), progress=options.scan.progress)):
                    pass
    _require_modules(figures)
    return figures.page(), report


def _require_modules(figures: _Figures) -> None:
    if not figures.rows:
        raise UsageError("there is no module of Odoo in there", hint="name a folder with __manifest__.py below it")


def _observed(
    root: Path | None, folders: list[Path], options: AddonsOptions, audit: AuditOptions, figures: _Figures
) -> Report:
    from retailctl.api.scanning.readings import reading_of
    from retailctl.api.scanning.taking import Taken, take_in
    from retailctl.api.session import open_session
    from retailctl.inventory.addons.reading import found_of
    from retailctl.inventory.addons.sightings import SOURCE

    session = open_session(root, audit)
    reading = reading_of(session, options.scan)
    secret: Fingerprint | None = reading.fingerprint if options.literals else None

    def modules() -> Iterator[ModuleFacts]:
        for folder in folders:
            scan = Scan(folder, _shown(folder, session.root), secret, options.scan.progress)
            yield from figures.through(scan)
            taken.unreadable.extend(scan.unreadable)

    taken = Taken()
    taken.take(found_of(modules(), reading, literals=options.literals))
    _require_modules(figures)  # before anything is written
    taken.files[SOURCE] += sum(row["python_files"] + row["xml_files"] for row in figures.rows)
    return take_in(session, taken, command="inventory addons", out=options.scan.out, dry_run=options.scan.dry_run)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        known = "is a file" if path.exists() else "is not there"
        raise UsageError(f"{path.as_posix()} {known}", hint="name the folder of one module, or of many")
    return path


def _shown(path: Path, base: Path) -> str:
    """What is put before every path below: relative to the base, else the name of the folder; never absolute."""
    whole, base = path.resolve(), base.resolve()
    if whole == base:
        return ""
    name = whole.relative_to(base).as_posix() if whole.is_relative_to(base) else whole.name
    return f"{name}/"


def _told(error: InputError | IncompleteError) -> dict[str, Any]:
    return {
        "place": str(error.at or ""),
        "code": error.code if isinstance(error, InputError) else "unreadable",
        "message": error.message,
        "hint": error.hint,
    }
