"""Which schedules lead to which step of a flow: what is reached from scheduled triggers only runs on their schedule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

_MOST: Final = 200  # triggers that are followed; a flow with more of them is generated, and stays without schedules


def schedules(edges: Iterable[tuple[str, str]], triggers: Mapping[str, str]) -> dict[str, str]:
    """The schedule of every step that is reached from scheduled triggers only; several are joined by ``; ``.

    ``triggers`` maps each trigger to its schedule, empty for one that something from outside sets off.
    """
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        after[source].append(target)
    found: dict[str, set[str]] = defaultdict(set)
    for trigger in sorted(triggers)[:_MOST]:
        seen, waiting = {trigger}, [trigger]
        while waiting:
            step = waiting.pop()
            found[step].add(triggers[trigger])
            for target in after.get(step, ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
    if len(triggers) > _MOST:
        return {}
    return {step: "; ".join(sorted(times)) for step, times in found.items() if "" not in times}
