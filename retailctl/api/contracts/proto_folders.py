"""``contract diff`` of two folders of ``.proto`` files: what breaks under the categories that protect data and code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

from retailctl.api.contracts.comparing import levels_of
from retailctl.api.contracts.options import ContractOptions, today
from retailctl.api.contracts.reporting import make_report
from retailctl.api.contracts.schema_problems import proto_error
from retailctl.contracts.protobuf.breaking import BreakingConfig, ProtoFinding, breaking
from retailctl.contracts.protobuf.reading import ProtoTree, read_set
from retailctl.contracts.rules.levels import SEVERITIES, Levels
from retailctl.contracts.rules.rules import rule
from retailctl.errors import InputError, Location, UsageError
from retailctl.model.contract_change import ContractChange, ContractVerdict
from retailctl.model.finding import Evidence, Finding, fingerprint
from retailctl.model.report import FailOn, Report
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_document

_CONFIG: Final = ("buf.yaml", "buf.yml")
_MOST: Final = 5_000  # files of a side
_FIX: Final = "Keep what the old version declares, or publish the new one under another package."
_NO_WITNESS: Final = "a rule about declarations, not about one datum"


def diff_folders(base: str, revision: str, options: ContractOptions) -> Report:
    """Every break between two trees of ``.proto`` files.

    ``buf.yaml`` in the folder of the revision says which rules are asked (else those of FILE); ``category`` overrules
    it. Raises UsageError for a folder without such files.
    """
    limits = Limits()
    old, new = (_tree(Path(folder), limits) for folder in (base, revision))
    config = BreakingConfig(use=(options.category,)) if options.category else _config(Path(revision), limits)
    levels = levels_of(options)
    found = [one for hit in breaking(old, new, config) for one in _finding(hit, old, levels)]
    return make_report(
        found,
        command="contract diff",
        workspace="",
        as_of=today(options),
        fail_on=cast(FailOn, options.run.fail_on or "error"),
        files=len(old.files) + len(new.files),
        verdict=ContractVerdict(
            compatible=not any(one.severity == "error" for one in found),
            required_bump="major" if any(one.severity == "error" for one in found) else "patch" if found else "none",
            base=base,
            revision=revision,
        ),
        fail_on_unknown=bool(options.run.fail_on_unknown),
        problems=[*_problems(old), *_problems(new)],
    )


def _tree(folder: Path, limits: Limits) -> ProtoTree:
    paths = sorted(_files(folder))
    if not paths:
        raise UsageError(f"{folder}: no .proto files", hint="name two files, or two folders of .proto files")
    if len(paths) > _MOST:
        raise UsageError(f"{folder}: more than {_MOST:,} .proto files", hint="name a folder inside of it")
    return read_set({path: read_document(folder, path, limits=limits, owned=False).data for path in paths})


def _files(folder: Path) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (
            (Path(here) / name).relative_to(folder).as_posix() for name in names if name.endswith(".proto")
        )  # fmt: skip


def _config(folder: Path, limits: Limits) -> BreakingConfig:
    for name in _CONFIG:
        if (folder / name).is_file():
            return BreakingConfig.of(read_document(folder, name, limits=limits, owned=False).data)
    return BreakingConfig()


def _finding(hit: ProtoFinding, old: ProtoTree, levels: Levels) -> Iterator[Finding]:
    severity = SEVERITIES[levels.of(hit.rule)]
    if severity is None:
        return
    row = rule(hit.rule)
    before = old.locate(hit.old) if hit.old.path else None
    place = Location(before.file, before.line, before.column, pointer=hit.old.pointer) if before else None
    here = Location(hit.file, hit.line or 0, hit.column or 0, pointer=hit.place.pointer) if hit.file else None
    subject = hit.what or hit.file or hit.old.path
    yield Finding(
        rule=row.id,
        name=row.docs,
        verdict="fail",
        severity=severity,
        subject=subject,
        message=hit.message,
        fix=_FIX if severity == "error" else "",
        locations=tuple(one for one in (here or place,) if one is not None),
        related=(Evidence("the base", place),) if place is not None and here is not None else (),
        stage="build",
        fingerprint=fingerprint(row.id, subject, hit.place.pointer or hit.old.pointer),
        change=ContractChange(
            area=row.area, kind=row.kind, action=row.action, old=hit.before, new=hit.after, no_witness=_NO_WITNESS
        ),
    )


def _problems(tree: ProtoTree) -> Iterator[InputError]:
    for problem in tree.problems:
        error = proto_error(problem, Location(problem.file, problem.line, problem.column))
        if error is not None:
            yield error
