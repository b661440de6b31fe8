"""References that lead to an object of another kind than the one that is meant."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.facts import LintFact, fact


def check(context: EventContext) -> Iterator[LintFact]:
    """Only where the specification says what stands at the target, which it does for all of the root document."""
    found = context.found
    for reference in found.references:
        place, meant = found.targets.get((reference.path, reference.pointer), (("", ""), frozenset()))
        kind = found.kinds.get(place)
        if kind is not None and meant and kind not in meant:
            at = (reference.path, reference.pointer)
            yield fact("reference-kind", at, ref=reference.text, found=words(kind), expected=_listed(meant))


def _listed(kinds: frozenset[str]) -> str:
    return "security scheme" if "userPassword" in kinds else " or ".join(sorted(words(kind) for kind in kinds))


def words(kind: str) -> str:
    """The name of a kind as words: ``server variable``."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()
