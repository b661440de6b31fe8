"""``contract lint``: is a document right by itself?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from retailctl.api.contracts.options import ContractOptions, today
from retailctl.api.contracts.remote import remote_documents
from retailctl.api.contracts.reporting import make_report
from retailctl.api.contracts.set_levels import lint_levels
from retailctl.api.contracts.sources import Read, anchor, existing, file_reader, open_library
from retailctl.api.contracts.stdin import STDIN, check_stdin, stdin_reader
from retailctl.api.memory import without_collection
from retailctl.api.session import Session, open_session
from retailctl.contracts.lint import LintFact, lint, message, rows
from retailctl.contracts.lint.pages import to_model_rule
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.errors import IncompleteError, InputError, Location, WorkspaceNotFound
from retailctl.model.finding import Finding, Severity, fingerprint
from retailctl.model.report import FailOn, Report
from retailctl.model.rule import Rule
from retailctl.workspace.discovery import find_root
from retailctl.workspace.document import Document
from retailctl.workspace.formats import READ, schema_language
from retailctl.workspace.limits import Limits


def contract_lint(paths: Sequence[str], options: ContractOptions, root: Path | None = None) -> Report:
    """Lint the named documents, or without names every API and event contract of the workspace."""
    check_stdin(tuple(paths), options)
    with without_collection():
        session = _session(paths, options, root)
        limits = session.effective.limits if session is not None else Limits()
        remote = remote_documents(options, limits)
        sources = _named(paths, session, limits, options) if paths or session is None else _all(session)
        found = _Linted()
        for reader, path in sources:
            found.files += 1
            try:
                library = open_library(reader, path, remote)
                if not paths and _is_other(library.root.data, path):
                    found.files -= 1
                    continue
                found.findings.extend(_findings(library, lint(library, strict=options.strict)))
            except InputError as error:
                found.problems.append(error)
            except IncompleteError as error:
                found.unreadable.append(error)
    if session is not None:
        return _governed(found, session, options, complete=not paths)
    return make_report(
        _settled(found.findings),
        command="contract lint",
        workspace="",
        as_of=today(options),
        fail_on=cast(FailOn, options.run.fail_on or "error"),
        files=found.files,
        verdict=None,
        rules=lint_rules(),
        fail_on_unknown=bool(options.run.fail_on_unknown),
        problems=found.problems,
        unreadable=() if options.run.allow_partial else found.unreadable,
    )


@dataclass(slots=True)
class _Linted:
    findings: list[Finding] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)
    files: int = 0


def _governed(found: _Linted, session: Session, options: ContractOptions, *, complete: bool) -> Report:
    """The report under the settings, waivers and baseline of the workspace."""
    from retailctl.api.contracts.estate import governed_report
    from retailctl.api.loading import Loaded

    levels = lint_levels(session)
    findings = [
        replace(one, severity=cast(Severity, levels.get(one.rule, one.severity)))
        for one in _settled(found.findings)
        if levels.get(one.rule) != "off"
    ]
    return governed_report(
        session, Loaded(), findings, "contract lint", options, None, found.problems,
        files=found.files, unreadable=found.unreadable, rules=lint_rules(), complete=complete,
    )  # fmt: skip


def _session(paths: Sequence[str], options: ContractOptions, root: Path | None) -> Session | None:
    """The workspace around the first document that has one; None when there is none, which needs named documents."""
    if root is not None or not paths:
        return open_session(root, options.run)
    for name in paths:
        try:
            found = find_root((Path(options.stdin_name) if name == STDIN else existing(name)).resolve().parent)
        except WorkspaceNotFound:
            continue
        return open_session(found, options.run)
    return None


def _all(session: Session) -> Iterator[tuple[Read, str]]:
    def read(path: str) -> Document:
        return session.documents.read(path, owned=False)

    yield from ((read, path) for path in session.files.of("document") if path.endswith(READ))


def _named(
    paths: Sequence[str], session: Session | None, limits: Limits, options: ContractOptions
) -> Iterator[tuple[Read, str]]:
    root = session.root if session is not None else None
    for name in paths:
        if name == STDIN:
            yield stdin_reader(options, root, limits)
        else:
            folder, path = anchor(existing(name), root)
            yield file_reader(folder, limits), path


def _is_other(raw: object, path: str) -> bool:
    """True for JSON that describes no contract: data with a ``type``, and schemas that do not say they are one."""
    if not isinstance(raw, dict) or schema_language(path) or {"openapi", "swagger", "asyncapi"} & raw.keys():
        return False
    if ".schema." in path.rpartition("/")[2] or "json-schema.org/" in str(raw.get("$schema")):
        return False
    return bool({"$schema", "type"} & raw.keys())


def _findings(library: Library, facts: Iterable[LintFact]) -> Iterator[Finding]:
    table = rows()
    for fact in facts:
        row = table[fact.id]
        yield Finding(
            rule=row.input or row.id,
            name=row.id,
            verdict="fail",
            severity=cast(Severity, row.level),
            subject=fact.path,
            message=message(fact),
            fix=row.fix,
            locations=(_locate(library, fact),),
            stage="build",
            fingerprint=fingerprint(row.id, fact.path, _identity(fact)),
        )


def _identity(fact: LintFact) -> str:
    """What tells two facts of one row apart; a line is not part of it, as an edit above moves it."""
    return fact.pointer + "".join(value for name, value in fact.args if name != "where")


def _locate(library: Library, fact: LintFact) -> Location:
    if fact.at is not None:
        return Location(fact.path, *fact.at)
    try:
        return library.document(fact.path).locate(fact.pointer)
    except ReferenceProblem:
        return Location(fact.path, 0, 0, pointer=fact.pointer)


def _settled(findings: Iterable[Finding]) -> list[Finding]:
    """Two documents may share a third: what is wrong with that is said once."""
    return list({(one.rule, one.fingerprint, one.message, one.locations): one for one in findings}.values())


def lint_rules() -> list[Rule]:
    """The rows of the table as rules, for SARIF and ``explain``."""
    return [to_model_rule(row) for row in rows().values() if not row.input]
