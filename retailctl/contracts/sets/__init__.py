"""Contracts that carry one business object: where each of them has its fields, and where they came apart.

A field of any schema language is a :class:`~retailctl.contracts.sets.fields.FieldNode`; :mod:`.languages` is the index.
:mod:`.mapping` holds a map against the schemas, :mod:`.drift` holds two states of the same map against each other; both
return facts, which the table of rules judges.
"""
