"""interim: settings in force"""
from __future__ import annotations
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from retailctl.api.options import AuditOptions
from retailctl.model.governance_files import SettingsFile
from retailctl.policy.overrides import Overrides
from retailctl.workspace.boundary import value_or_raise
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_document

@dataclass(frozen=True)
class Effective:
    settings: SettingsFile
    overrides: Overrides | None
    limits: Limits

def effective_settings(root: Path, options: AuditOptions) -> Effective:
    s, o = SettingsFile(), None
    if not options.no_config and (root / "retailctl.yaml").exists():
        d = read_document(root, "retailctl.yaml")
        s = value_or_raise(d.data, SettingsFile, d.locate)
        o = Overrides(s.severity or {}, s.params or {}, d.locate)
    if options.fail_on: s = replace(s, fail_on=options.fail_on)  # type: ignore
    if options.fail_on_unknown is not None: s = replace(s, fail_on_unknown=options.fail_on_unknown)
    return Effective(s, o, Limits())
