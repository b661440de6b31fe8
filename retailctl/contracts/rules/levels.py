"""How grave a change is: our levels, oasdiff's, and what a team makes of single rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

from retailctl.contracts.rules.rules import Level, rule
from retailctl.model.finding import Severity

Profile = Literal["retailctl", "oasdiff"]
SetLevel = Level | Literal["none"]

PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)
SEVERITIES: Final[Mapping[SetLevel, Severity | None]] = MappingProxyType(
    {"ERR": "error", "WARN": "warn", "INFO": "info", "none": None}
)
"""The severity of a finding by level; None: the change is not reported."""

OASDIFF_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "api-security-alternative-added": "api-security-added",
        "api-security-alternative-removed": "api-security-removed",
    }
)
"""Where we tell apart what oasdiff gives one name: our id -> its id."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels in force. ``overrides`` come on top of the profile.

    The profile ``oasdiff`` has that tool's level for every rule it knows, by the same or by a wider name; all other
    rules keep ours, because a change that a peer does not look for is no less grave for it.
    """

    profile: Profile = "retailctl"
    overrides: Mapping[str, SetLevel] = field(default_factory=dict)

    def of(self, id_: str) -> SetLevel:
        """The level of a rule; "none" where it is switched off. Raises KeyError for an id without a row."""
        row = rule(id_)
        if id_ in self.overrides:
            return self.overrides[id_]
        if self.profile == "retailctl":
            return row.level
        theirs = rule(OASDIFF_NAMES.get(id_, id_)).oasdiff
        return row.level if theirs == "-" else theirs

    def severity(self, id_: str) -> Severity | None:
        """The level as the severity of a finding, or None where the change is not to be reported."""
        return SEVERITIES[self.of(id_)]
