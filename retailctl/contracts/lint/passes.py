"""The passes, in the order in which they run."""

from __future__ import annotations

from typing import Final

from retailctl.contracts.lint import (
    components,
    constraints,
    discriminators,
    operation_ids,
    operations,
    parameters,
    paths,
    patterns,
    references_pass,
    security,
    structure,
    values,
)
from retailctl.contracts.lint.context import Pass

PASSES: Final[dict[str, Pass]] = {
    "structure": structure.check,
    "references": references_pass.check,
    "operation-ids": operation_ids.check,
    "paths": paths.check,
    "parameters": parameters.check,
    "operations": operations.check,
    "security": security.check,
    "constraints": constraints.check,
    "patterns": patterns.check,
    "discriminators": discriminators.check,
    "values": values.check,
    "components": components.check,
}
"""Name -> pass. A new pass is a file with a ``check`` and a row here."""
