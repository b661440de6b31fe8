"""Outcome: what a check says of one subject, before waivers and severity turn it into a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retailctl.errors import Location
from retailctl.model.finding import Evidence

Decision = Literal["pass", "fail", "unknown", "not_applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``pointer`` sets apart several outcomes of one rule on one subject; it enters the fingerprint.

    ``message`` may be empty for pass; ``missing`` names the absent field of an unknown.
    """

    subject: str
    decision: Decision
    message: str = ""
    locations: tuple[Location, ...] = ()
    related: tuple[Evidence, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pointer: str = ""
    owner: str | None = None
    domain: str | None = None
    missing: str = ""
