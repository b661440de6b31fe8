"""Where data flows: every schema position of every operation that both sides have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retailctl.contracts.api.model import Parameter, Place
from retailctl.contracts.schemas.store import Polarity

Kind = Literal["request-body", "request-parameter", "response-body", "response-header"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotClass:
    """What the name of a change depends on. ``strong`` is False where values are text on the wire."""

    kind: Kind
    polarity: Polarity
    strong: bool = True
    location: str = ""
    explode: bool = False
    optional: bool = False
    stability: str = ""
    swapped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One position: operation, what it is called there, and the schema on both sides."""

    operation: str
    label: str
    group: SlotClass
    old: str
    new: str
    old_place: Place
    new_place: Place
    parameter: tuple[Parameter, Parameter] | None = None
