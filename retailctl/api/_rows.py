from __future__ import annotations
from retailctl.model.rule import Rule
from retailctl.workspace.input_codes import INPUT_CODES
def input_rules() -> list[Rule]:
    return [Rule(id=r.id, name=r.name, title=r.title, why=r.why, fix=r.fix, applies_to="estate", severity="warn" if r.id == "INP023" else "error", stage="report") for r in INPUT_CODES]
def waiver_rules() -> list[Rule]:
    return []
