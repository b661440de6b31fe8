"""The rows of the lint table as the rules that reports, SARIF and ``explain`` know."""

from __future__ import annotations

import re
from typing import Final, cast

from retailctl.contracts.lint.table import LintRow, rows
from retailctl.model.finding import Severity
from retailctl.model.rule import Rule

_ARGUMENT: Final = re.compile(r"\{\w+\}")


def to_model_rule(row: LintRow) -> Rule:
    """A row as a rule; what the facts fill in is left open in its title."""
    return Rule(
        id=row.id,
        name=row.id,
        title=_ARGUMENT.sub("…", row.text),
        applies_to="contract",
        stage="build",
        severity=cast(Severity, row.level),
        why=row.why,
        fix=row.fix,
        tags=("contract-lint", row.area),
        pack="retailctl:contract-lint",
    )


def lint_rule(id_: str) -> Rule | None:
    """The rule with this id; None for an unknown one, and for a row that is reported as an input problem (INP)."""
    row = rows().get(id_)
    return to_model_rule(row) if row is not None and not row.input else None
