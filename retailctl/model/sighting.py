"""Sighting and Coverage: what was seen, where, and inside which scope and window somebody looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from retailctl.model.fields import STRICT, SightingKind, Text, doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One attribute set seen in one source."""

    __pydantic_config__: ClassVar = STRICT

    source: Annotated[Text, doc("Which source.", "access-log", "register")]
    kind: Annotated[SightingKind | None, doc("Kind of source; known sources need none.")] = None
    at: Annotated[date | datetime | None, doc("When it was seen.")] = None
    ref: Annotated[Text | None, doc("Place in the source.", "logs/odoo.log#L88121")] = None
    confidence: float | None = None
    fields: Annotated[dict[str, Any] | None, doc("Attributes as the source has them.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """First and last day, both inclusive."""

    __pydantic_config__: ClassVar = STRICT

    start: Annotated[date | datetime, Field(alias="from")]
    end: Annotated[date | datetime, Field(alias="to")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which source was looked at, over which scope and window. "Not seen" means something only inside it."""

    __pydantic_config__: ClassVar = STRICT

    source: Annotated[Text, doc("Which source.", "access-log")]
    scope: Annotated[Text | None, doc("System, cluster or host that the source covers; * = the estate.")] = None
    window: Window | None = None
