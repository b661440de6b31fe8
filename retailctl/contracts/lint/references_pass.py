"""References that lead nowhere or were not followed, and text that other tools would take for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.references import find_lookalikes

_IDS: Final = {
    "dangling": "reference-dangling",
    "outside-workspace": "reference-outside",
    "network": "reference-network",
    "scheme": "reference-scheme",
    "not-an-object": "reference-not-an-object",
    "bad-pointer": "reference-bad-pointer",
    "unreadable": "reference-unreadable",
    "cycle": "reference-cycle",
}


def check(context: Context) -> Iterator[LintFact]:
    """Every reference of the contract that has a problem; one that only passes a problem on is not repeated."""
    for section in context.sections:
        for reference in section.references:
            problem = reference.problem
            if problem is not None and (problem.code == "cycle" or not _is_passed_on(reference.text, problem.ref)):
                place = (reference.path, reference.pointer)
                yield fact(_IDS[problem.code], place, ref=problem.ref, reason=problem.message)
    root = context.library.data(context.library.root_path)
    for pointer, text in find_lookalikes(root):
        if not text.startswith("#") and "/example" in pointer:
            yield fact("reference-in-example", (context.library.root_path, pointer), ref=text)


def _is_passed_on(text: str, blamed: str) -> bool:
    """True when the problem belongs to a later reference of the chain, which is reported at its own place."""
    return text[:200] != blamed[:200]
