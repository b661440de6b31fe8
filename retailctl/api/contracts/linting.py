"""``contract lint``: is a document right by itself?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from retailctl.api.contracts.comparing import today
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.reporting import make_report
from retailctl.api.contracts.sources import Read, anchor, existing, file_reader
from retailctl.api.memory import without_collection
from retailctl.contracts.lint import LintFact, LintRow, lint, message, rows
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.errors import IncompleteError, InputError, Location, WorkspaceNotFound
from retailctl.model.finding import Finding, Severity, fingerprint
from retailctl.model.report import FailOn, Report
from retailctl.model.rule import Rule
from retailctl.workspace.discovery import find_root
from retailctl.workspace.limits import Limits


def contract_lint(paths: Sequence[str], options: ContractOptions, root: Path | None = None) -> Report:
    """Lint the named documents, or without names every API document of the workspace."""
    findings: list[Finding] = []
    problems: list[InputError] = []
    unreadable: list[IncompleteError] = []
    files = 0
    name = ""
    with without_collection():
        if paths:
            sources = _named(paths, root)
        else:
            from retailctl.api.session import open_session

            session = open_session(root, options.run)
            name = session.name

            def read(path: str) -> object:
                return session.documents.read(path, owned=False)

            sources = iter([(cast(Read, read), path) for path in _documents(session.files.of("document"))])
        for reader, path in sources:
            files += 1
            try:
                library = Library(reader, path)
                if not paths and _is_other(library.root.data):
                    files -= 1
                    continue
                findings.extend(_findings(library, lint(library, strict=options.strict)))
            except InputError as error:
                problems.append(error)
            except IncompleteError as error:
                unreadable.append(error)
    return make_report(
        _settled(findings),
        command="contract lint",
        workspace=name,
        as_of=today(options),
        fail_on=cast(FailOn, options.run.fail_on or "error"),
        files=files,
        verdict=None,
        rules=lint_rules(),
        fail_on_unknown=bool(options.run.fail_on_unknown),
        problems=problems,
        unreadable=() if options.run.allow_partial else unreadable,
    )


def _named(paths: Sequence[str], root: Path | None) -> Iterator[tuple[Read, str]]:
    workspace: Path | None = root
    for name in paths:
        full = existing(name)
        if workspace is None:
            try:
                workspace = find_root(full.resolve().parent)
            except WorkspaceNotFound:
                workspace = None
        folder, path = anchor(full, workspace)
        yield file_reader(folder, Limits()), path


def _documents(paths: Iterable[str]) -> list[str]:
    return [
        path
        for path in paths
        if path.endswith((".yaml", ".yml", ".json")) and not path.endswith(("/contract.yaml", "/contract.yml"))
    ]


def _is_other(raw: object) -> bool:
    """True for the documents of other families (AsyncAPI, JSON Schema), which are no API documents."""
    return (
        isinstance(raw, dict)
        and not {"openapi", "swagger"} & raw.keys()
        and bool({"asyncapi", "$schema", "type"} & raw.keys())
    )


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
            fingerprint=fingerprint(row.id, fact.path, fact.pointer + "".join(value for _, value in fact.args)),
        )


def _locate(library: Library, fact: LintFact) -> Location:
    try:
        return library.document(fact.path).locate(fact.pointer)
    except ReferenceProblem:
        return Location(fact.path, 0, 0, pointer=fact.pointer)


def _settled(findings: Iterable[Finding]) -> list[Finding]:
    """Two documents may share a third: what is wrong with that is said once."""
    return list({(one.rule, one.fingerprint, one.message): one for one in findings}.values())


def lint_rules() -> list[Rule]:
    """The rows of the table as rules, for SARIF and ``explain``."""
    return [_rule(row) for row in rows().values() if not row.input]


def _rule(row: LintRow) -> Rule:
    return Rule(
        id=row.id,
        name=row.id,
        title=row.text,
        applies_to="contract",
        stage="build",
        severity=cast(Severity, row.level),
        why=row.why,
        fix=row.fix,
        tags=("contract-lint", row.area),
        pack="retailctl:contract-lint",
    )
