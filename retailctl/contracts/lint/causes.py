"""One finding for one cause: where a pass says precisely what the structure pass says in general, it alone is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from retailctl.contracts.lint.facts import LintFact

# id -> what the structure pass says of the same thing: its id, the place below that of the fact, and the key it names.
_GENERAL: Final = {
    "path-no-slash": (("structure-unknown-key", "", None),),
    "response-code-invalid": (("structure-unknown-key", "", None),),
    "responses-empty": (("structure-keyword", "", None), ("structure-missing-key", "", "default")),
    "path-parameter-optional": (
        ("structure-missing-key", "", "required"),
        ("structure-value", "/required", None),
    ),
}


def without_repetition(facts: Iterable[LintFact]) -> dict[LintFact, None]:
    """The facts in their order, without those that only repeat another one in general words."""
    found = dict.fromkeys(facts)
    precise = {
        (one.path, one.pointer + below, general, key)
        for one in found
        for general, below, key in _GENERAL.get(one.id, ())
    }
    return {one: None for one in found if not precise.intersection(_keys(one))}


def _keys(one: LintFact) -> tuple[tuple[str, str, str, str | None], ...]:
    return ((one.path, one.pointer, one.id, None), (one.path, one.pointer, one.id, dict(one.args).get("key", "")))
