"""What a search ends with: an instance on which the two sides disagree, or the reason why none is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

SideName = Literal["old", "new"]
SHOWN_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Witness:
    """A JSON value that one side accepts and the other refuses; both verdicts were checked with a validator."""

    instance: object
    pointer: str  # JSON pointer of the offending part inside the instance
    accepted_by: SideName
    rejected_by: SideName
    error: str  # one short clause: why the rejecting side refuses it


@dataclass(frozen=True, slots=True)
class NoWitness:
    """No instance was found; the change may be breaking all the same."""

    reason: str


def shown(witness: Witness, limit: int = SHOWN_CHARACTERS) -> str:
    """Return the instance as compact JSON in ASCII, cut at *limit* characters (a cut text ends in "...")."""
    text = json.dumps(witness.instance, separators=(",", ":"), allow_nan=False)
    return text if len(text) <= limit else text[: max(limit - 3, 0)] + "..."
