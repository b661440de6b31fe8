"""A tree of addons as a source of the scan: what stands in it, as sightings, coverage and located errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from retailctl.errors import IncompleteError
from retailctl.inventory.addons.facts import ModuleFacts
from retailctl.inventory.addons.figures import row_of, totals_of
from retailctl.inventory.addons.scan import Scan
from retailctl.inventory.addons.sightings import SOURCE, sightings_of
from retailctl.inventory.reading import Found, Reading
from retailctl.model.interface_key import HttpKey, InterfaceKey
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage, Window

SYSTEM: Final = "odoo"
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")


def read_trees(trees: Iterable[tuple[Path, str]], reading: Reading, *, literals: bool = False) -> Iterator[Found]:
    """Everything that the modules below folders say of the estate; each folder comes with the path that is shown of it.

    The Odoo that they run in is ``reading.system``, else "odoo". Credential-like values come only with ``literals``.
    """
    unread: list[IncompleteError] = []

    def modules() -> Iterator[ModuleFacts]:
        for root, shown in trees:
            scan = Scan(root, _prefix(shown), reading.fingerprint if literals else None, reading.progress)
            yield from scan.modules()
            unread.extend(scan.unreadable)

    yield from found_of(modules(), reading, literals=literals)
    if unread:
        raise unread[0]


def _prefix(shown: str) -> str:
    return "" if shown in ("", ".") else f"{shown.rstrip('/')}/"


def found_of(modules: Iterator[ModuleFacts], reading: Reading, *, literals: bool = False) -> Iterator[Found]:
    """The same of modules that are read already, or as they are read."""
    system = reading.system or SYSTEM
    rows: list[dict[str, Any]] = []
    place = ""
    seen: list[Seen] = []
    for facts in modules:
        place = place or facts.path
        rows.append(row_of(facts))
        yield from facts.problems
        seen += sightings_of(facts, system, reading, literals=literals)
    if not rows:
        return
    yield from _agreeing(seen)
    totals = totals_of(rows)
    counted = {name: value for name, value in totals.items() if isinstance(value, int) and value}
    yield Seen(source=SOURCE, ref=place, kind="system", at=reading.as_of, name=system, figures=counted)
    yield Coverage(source=SOURCE, scope=system, window=Window(start=reading.as_of, end=reading.as_of))


def _agreeing(seen: list[Seen]) -> Iterator[Seen]:
    """A route that a further module declares again, or a host that several call, has no one module as its connector:
    each sighting still names its own in the figures."""
    modules: dict[InterfaceKey, set[str]] = {}
    for one in seen:
        if one.key is not None:
            modules.setdefault(_place_of(one.key), set()).add(str(one.values.get("connector", "")))
    for one in seen:
        if one.key is None or len(modules[_place_of(one.key)]) == 1:
            yield one
        else:
            yield replace(one, values={name: value for name, value in one.values.items() if name != "connector"})


def _place_of(key: InterfaceKey) -> InterfaceKey:
    """The address whatever the method, and whatever its placeholders are called."""
    if not isinstance(key, HttpKey):
        return key
    return replace(key, method=None, address=_PLACEHOLDER.sub("{}", key.address) if key.address else None)
