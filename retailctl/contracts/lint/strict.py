"""``--strict``: what openapi-spec-validator adds to our own passes, made safe.

It follows any reference by default, reads settings from the environment, runs patterns of the document in Python's
``re`` and shows whole documents in its messages. Therefore: the class is chosen here, references other than local ones
are denied twice (by our own pass before, by handlers after), the backend is ours, the check of defaults is off, and of
an error only its kind and place are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.metaschema_files import metaschema_validator
from retailctl.contracts.references.pointers import join_pointer

if TYPE_CHECKING:
    from openapi_spec_validator.validation.validators import SpecValidator

MOST: Final = 100
_SIZE: Final = 2_000
_KINDS: Final = {
    "DuplicateOperationIDError": "the rule that operation ids are unique",
    "ExtraParametersError": "the rule that required names are declared",
    "ParameterDuplicateError": "the rule that parameters are unique",
    "UnresolvableParameterError": "the rule that path parameters are defined",
}


def check_strictly(context: Context, known: Iterable[LintFact]) -> Iterator[LintFact]:
    """Facts of the validator, or one fact that says why it was not run on this document."""
    place = (context.library.root_path, "")
    reason = _reason_to_skip(context, known)
    if reason:
        yield fact("strict-skipped", place, reason=reason)
        return
    try:
        errors = list(_errors(context))
    except RecursionError:
        yield fact("strict-skipped", place, reason="its references nest deeper than the validator can follow")
        return
    yield from dict.fromkeys(errors)


def _reason_to_skip(context: Context, known: Iterable[LintFact]) -> str:
    ids = {fact.id for fact in known}
    if any(id.startswith("reference-") and id != "reference-in-example" for id in ids):
        return "references of the document have problems"
    if any(id.startswith("structure-") for id in ids):
        return "the document does not have the structure of its specification"
    references = [reference for section in context.sections for reference in section.references]
    if any(not reference.text.startswith(("#/", "#")) for reference in references) or len(context.sections) > 1:
        return "the document refers to other documents"
    if _expansions(context) > _SIZE * 100:
        return "its schemas expand to more than the limit"
    return ""


def _expansions(context: Context) -> int:
    """How often schemas are visited when references are followed wherever they stand in a schema's allOf and the like."""
    from retailctl.contracts.lint.fanout import count_expansions

    return count_expansions(context)


def _errors(context: Context) -> Iterator[LintFact]:
    root = context.outline.root
    validator = _validator(context, root)
    count = 0
    for error in validator.iter_errors():
        steps = tuple(str(step) for step in getattr(error, "absolute_path", ()))
        kind = _KINDS.get(type(error).__name__) or f"the keyword {getattr(error, 'validator', None) or 'schema'}"
        yield fact("strict-deviation", (context.library.root_path, join_pointer(steps)), keyword=kind)
        count += 1
        if count >= MOST:
            return
