"""Run all passes over one contract."""

from __future__ import annotations

from retailctl.contracts.lint.causes import without_repetition
from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.passes import PASSES
from retailctl.contracts.lint.version import detect_version, is_event_document
from retailctl.contracts.references import Library
from retailctl.workspace.formats import schema_language


def lint(library: Library, *, strict: bool = False) -> tuple[LintFact, ...]:
    """Everything that is wrong or worth knowing about one API or event contract, sorted by place.

    ``strict`` adds what openapi-spec-validator says of an API. A document whose version is not known gives that one
    fact. Nothing is read but through ``library``; problems of references are facts, never exceptions.
    """
    root = library.data(library.root_path)
    language = schema_language(library.root_path)
    if language is not None:
        from retailctl.contracts.lint.events.foreign import check_file

        return check_file(library, language)
    if is_event_document(root, library.root_path):
        from retailctl.contracts.lint.events.run import lint_events

        return lint_events(library)
    version = detect_version(root, library.root_path)
    if isinstance(version, LintFact):
        return (version,)
    context = Context(library, version)
    found = without_repetition(fact for check in PASSES.values() for fact in check(context))
    if strict:
        from retailctl.contracts.lint.strict import check_strictly

        found.update(dict.fromkeys(check_strictly(context, found)))
    return tuple(sorted(found))
