"""References between and inside contract documents: where they stand and where they lead, inside the workspace only."""

from retailctl.contracts.references.find import find_lookalikes, find_references, mapping_reference
from retailctl.contracts.references.library import Library, Target, store_key
from retailctl.contracts.references.problem import ReferenceProblem

__all__ = [
    "Library",
    "ReferenceProblem",
    "Target",
    "find_lookalikes",
    "find_references",
    "mapping_reference",
    "store_key",
]
