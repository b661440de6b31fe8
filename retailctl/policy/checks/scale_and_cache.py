"""RES-16: the integration layer scales out, and what is read a lot is cached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from retailctl.graph.estate_graph import operations_of
from retailctl.model.estate import Entry
from retailctl.model.estate_nouns import System
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_NONE = ("", "none")


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per system of the integration layer, and per synchronous read with at least ``reads`` calls a day.

    Params: ``layers``, ``reads``, ``upright`` (pattern for scaling that is none).
    """
    upright = re.compile(context.params["upright"])
    for entry in context.estate.of("system").values():
        if entry.noun.layer in context.params["layers"]:
            yield _system(entry, upright, context)
    for entry in context.estate.of("interface").values():
        if _is_read_a_lot(entry.noun, int(context.params["reads"])):
            yield _interface(entry, context)


def _system(entry: Entry, upright: re.Pattern[str], context: CheckContext) -> Outcome:
    system: System = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": system.owner}
    if system.scaling is None:
        return Outcome(decision="unknown", missing="system.scaling", locations=entry.origins[:1], **base)
    if system.scaling not in _NONE and not upright.search(system.scaling):
        return Outcome(decision="pass", **base)
    told = f" ({system.scaling})" if system.scaling not in _NONE else ""
    message = f"{entry.id} is part of the integration layer and does not scale out{told}"
    return Outcome(
        decision="fail", message=message, locations=(context.place(entry.id, "scaling", kind="system"),), **base
    )


def _is_read_a_lot(interface: Interface, reads: int) -> bool:
    """What is not declared of it is asked by other rules (CLS-04, CLS-05): here it is about those that are known."""
    volume = interface.classification.volume_per_day if interface.classification else None
    return interface.mode == "sync" and operations_of(interface) == ("read",) and volume is not None and volume >= reads


def _interface(entry: Entry, context: CheckContext) -> Outcome:
    interface: Interface = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    if interface.cache is None:
        return Outcome(decision="unknown", missing="interface.cache", locations=entry.origins[:1], **base)
    if interface.cache not in _NONE:
        return Outcome(decision="pass", **base)
    volume = interface.classification.volume_per_day if interface.classification else 0
    message = f"{entry.id} is read {volume:,} times a day, and nothing is cached"
    return Outcome(decision="fail", message=message, locations=(context.place(entry.id, "cache"),), **base)
