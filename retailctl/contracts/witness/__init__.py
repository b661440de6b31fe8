"""Witnesses: a concrete instance that one side of a change accepts and the other refuses, checked with a validator."""

from retailctl.contracts.witness.result import NoWitness, Witness, shown
from retailctl.contracts.witness.workshop import Workshop, accepts, sample

__all__ = ["NoWitness", "Witness", "Workshop", "accepts", "sample", "shown"]
