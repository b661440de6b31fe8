"""OWN-12: what integrations may do to the records of governed domains is reviewed and listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from retailctl.graph.estate_graph import operations_of
from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_RISKY = ("create", "update", "approve", "delete")
Matrix = Mapping[str, Mapping[str, Sequence[str]]]


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per interface in a domain of the matrix, or in one that nobody declared though it writes.

    Params: ``matrix``: domain -> operation -> systems that may do it, ``*`` for all.
    """
    matrix: Matrix = context.params["matrix"]
    for entry in context.estate.of("interface").values():
        interface: Interface = entry.noun
        if interface.domain is None or interface.domain in matrix:
            yield from _judge(entry, matrix, context)


def _judge(entry: Entry, matrix: Matrix, context: CheckContext) -> Iterator[Outcome]:
    interface: Interface = entry.noun
    operations = operations_of(interface)
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    if operations is not None and not set(operations) & set(_RISKY):
        yield Outcome(decision="pass", **base)
        return
    if operations is None or interface.domain is None:
        missing = "interface.operations" if operations is None else "interface.domain"
        yield Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
        return
    row = matrix[interface.domain]
    users = None if interface.consumers is None else {consumption.system for consumption in interface.consumers}
    wrong, asked = [], False
    for operation in operations:
        allowed = set(row.get(operation, ()))
        if operation not in _RISKY or "*" in allowed:
            continue
        strangers = sorted((users or set()) - allowed)
        if strangers or not allowed:
            wrong.append(f"{operation} ({', '.join(strangers) or 'whoever calls it'})")
        asked = asked or users is None
    if wrong:
        message = f"{entry.id} may do to {interface.domain} what is not approved: {', '.join(wrong)}"
        where = (context.place(entry.id, "operations" if interface.operations is not None else ""),)
        yield Outcome(decision="fail", message=message, locations=where, **base)
    elif asked:
        yield Outcome(decision="unknown", missing="interface.consumers", locations=entry.origins[:1], **base)
    else:
        yield Outcome(decision="pass", **base)
