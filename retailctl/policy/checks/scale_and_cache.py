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
        if entry.noun.layer is None or entry.noun.layer in context.params["layers"]:
            yield from _system(entry, upright, context)
    for entry in context.estate.of("interface").values():
        yield from _interface(entry, int(context.params["reads"]), context)


def _system(entry: Entry, upright: re.Pattern[str], context: CheckContext) -> Iterator[Outcome]:
    """Of a system without a layer it is only asked whether its scaling would do: ARC-09 asks for the layer."""
    system: System = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": system.owner}
    place = (context.place(entry.id, "scaling", kind="system"),)
    if system.scaling is None:
        if system.layer is not None:
            yield Outcome(decision="unknown", missing="system.scaling", locations=entry.origins[:1], **base)
    elif system.scaling not in _NONE and not upright.search(system.scaling):
        yield Outcome(decision="pass", **base)
    elif system.layer is None:
        yield Outcome(decision="unknown", missing="system.layer", locations=entry.origins[:1], **base)
    else:
        told = f" ({system.scaling})" if system.scaling not in _NONE else ""
        message = f"{entry.id} is part of the integration layer and does not scale out{told}"
        yield Outcome(decision="fail", message=message, locations=place, **base)


def _interface(entry: Entry, reads: int, context: CheckContext) -> Iterator[Outcome]:
    """Of one that may be read a lot, as far as it is declared, only what its cache says counts."""
    interface: Interface = entry.noun
    volume = interface.classification.volume_per_day if interface.classification else None
    operations = operations_of(interface)
    fits = {
        "interface.mode": None if interface.mode is None else interface.mode == "sync",
        "interface.operations": None if operations is None else operations == ("read",),
        "interface.classification.volume_per_day": None if volume is None else volume >= reads,
    }
    open_ = next((field for field, answer in fits.items() if answer is None), "")
    if False in fits.values() or (open_ and interface.cache is None):
        return
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    if interface.cache is not None and interface.cache not in _NONE:
        yield Outcome(decision="pass", **base)
    elif open_ or interface.cache is None:
        missing = open_ or "interface.cache"
        yield Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
    else:
        message = f"{entry.id} is read {volume:,} times a day, and nothing is cached"
        yield Outcome(decision="fail", message=message, locations=(context.place(entry.id, "cache"),), **base)
