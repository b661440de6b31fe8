"""Precedence: of several values of one attribute, which one is kept (estate.md section 4).

A register and an answer are trusted alike. Between them it counts who knew what the other says: an answer comes before
what stood there when it was given, and what somebody writes afterwards comes before the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from retailctl.inventory.attributes import comparable
from retailctl.inventory.sources import level
from retailctl.model.estate import Assertion


def rank(attribute: str, assertions: Sequence[Assertion]) -> list[Assertion]:
    """The assertions, most trusted first; equally trusted ones stay in the order given."""
    newest = max((one.at for one in assertions if one.kind == "answer"), default="")

    def standing(one: Assertion) -> tuple[int, int]:
        if one.kind != "answer":
            return level(attribute, one.kind), 1
        return level(attribute, one.kind), 0 if one.at == newest and not _overtaken(one, assertions) else 2

    return sorted(assertions, key=standing)


def is_settled(ranked: Sequence[Assertion]) -> bool:
    """Is the first one an answer that was given in the face of all that the others say?"""
    first, *others = ranked
    return first.kind == "answer" and all(_known(first, other) for other in others)


def _overtaken(answer: Assertion, assertions: Sequence[Assertion]) -> bool:
    """Does something as trusted as the answer say what was not there when it was given?"""
    return any(one.kind == "register" and not _known(answer, one) for one in assertions)


def _known(answer: Assertion, other: Assertion) -> bool:
    said = comparable(other.value)
    if said == comparable(answer.value) or said in answer.instead_of:
        return True
    return bool(other.at) and other.at[:10] < answer.at[:10]
