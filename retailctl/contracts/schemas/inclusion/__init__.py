"""Whether one schema accepts everything another accepts: the relation all compatibility rests on."""

from retailctl.contracts.schemas.inclusion.relation import Inclusion, Reason, Relation, Verdict
from retailctl.contracts.schemas.inclusion.shape import Forms

__all__ = ["Forms", "Inclusion", "Reason", "Relation", "Verdict"]
