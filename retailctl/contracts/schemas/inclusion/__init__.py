"""Whether one schema accepts everything another accepts: the relation all compatibility rests on."""

from retailctl.contracts.schemas.inclusion.relation import Inclusion, Reason, Relation, Verdict

__all__ = ["Inclusion", "Reason", "Relation", "Verdict"]
