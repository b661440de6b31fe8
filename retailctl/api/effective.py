"""Settings in force for one run, as the verbs need them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from retailctl.api.options import AuditOptions
from retailctl.api.rule_names import KnownRules
from retailctl.errors import Location
from retailctl.model.governance_files import SettingsFile
from retailctl.policy.overrides import Overrides
from retailctl.policy.projection import project
from retailctl.workspace.limits import Limits
from retailctl.workspace.settings import Settings, load_settings

_PLACE = re.compile(r"(.*?):(\d+):(\d+)\Z", re.DOTALL)
_MIB = 1024 * 1024


class Row(NamedTuple):
    """One setting for ``doctor``."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Effective:
    """The values, what they lay over the packs, and the limits of the reader."""

    loaded: Settings

    @property
    def settings(self) -> SettingsFile:
        """The values, defaults filled in."""
        return self.loaded.values

    @property
    def limits(self) -> Limits:
        """Limits on every file that is read."""
        limits, default = self.settings.limits, Limits()
        if limits is None:
            return default
        return Limits(
            file_bytes=limits.file_mib * _MIB if limits.file_mib is not None else default.file_bytes,
            depth=limits.depth if limits.depth is not None else default.depth,
            nodes=limits.nodes if limits.nodes is not None else default.nodes,
            alias_events=limits.aliases if limits.aliases is not None else default.alias_events,
        )

    @property
    def overrides(self) -> Overrides:
        """Severity and parameters of the settings, with their places for errors."""
        settings = self.settings
        return Overrides(settings.severity or {}, settings.params or {}, self._locate, KnownRules())

    def _locate(self, steps: tuple[str | int, ...]) -> Location:
        wanted = ".".join(str(step) for step in steps)
        keys = [key for key in self.loaded.origins if key == wanted or key.startswith(f"{wanted}.")]
        found = _PLACE.match(self.loaded.origin(keys[0])) if keys else None
        return Location(found[1], int(found[2]), int(found[3])) if found else Location("retailctl.yaml")

    def rows(self) -> list[Row]:
        """Every setting with its value as text and where it comes from, in name order."""
        return [Row(key, _value(self.settings, key), origin) for key, origin in sorted(self.loaded.origins.items())]


def effective_settings(root: Path, options: AuditOptions) -> Effective:
    """Flag > RETAILCTL_* > --config > retailctl.yaml or pyproject > default. Raises ConfigError, UsageError."""
    flags = {"fail-on": options.fail_on, "fail-on-unknown": options.fail_on_unknown}
    return Effective(
        load_settings(root, flags=flags, environ=os.environ, config=options.config, no_config=options.no_config)
    )


def _value(settings: SettingsFile, key: str) -> str:
    value: object = project(settings)
    for step in key.split("."):
        name = step.replace("-", "_")
        if not isinstance(value, Mapping) or (name not in value and step not in value):
            return ""
        value = value.get(step, value.get(name))
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
