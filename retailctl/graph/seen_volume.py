"""What logs count of an interface, per day of the window that they cover."""

from __future__ import annotations

from datetime import date, datetime

from retailctl.graph.estate_graph import EstateGraph, provider_of
from retailctl.model.interface import Interface
from retailctl.model.sighting import Window


def seen_per_day(graph: EstateGraph, interface: Interface, as_of: date) -> int | None:
    """Calls or messages a day: the largest count of a source whose window is asserted over the provider.

    None where no source with a window counted.
    """
    provider = provider_of(interface)
    found = []
    for sighting in interface.sightings or ():
        counted = (sighting.fields or {}).get("count")
        if not isinstance(counted, int) or isinstance(counted, bool) or counted < 0:
            continue
        days = [
            length
            for covered in graph.estate.coverage
            if covered.coverage.source == sighting.source
            and covered.coverage.scope in ("*", provider)
            and (length := _days(covered.coverage.window, as_of))
        ]
        if days:
            found.append(int(counted) // max(days))
    return max(found, default=None)


def _days(window: Window | None, as_of: date) -> int:
    if window is None:
        return 0
    start, end = (one.date() if isinstance(one, datetime) else one for one in (window.start, window.end))
    return max((min(end, as_of) - start).days + 1, 0)
