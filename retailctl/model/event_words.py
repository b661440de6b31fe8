"""What people write of events, as names and numbers: fields of a key, kinds of keeping."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from retailctl.model.durations import minutes

FOREVER: Final = 2**53
"""Minutes of a retention without end: more than any duration."""

_NOTHING: Final = frozenset({"none", "no", "unordered", "any", "any order", "in any order", "not needed"})
_ENDLESS: Final = frozenset({"forever", "unlimited", "infinite", "compact", "compacted", "-1"})
_MOST: Final = 1_000
_LEAD: Final = re.compile(r"^(?:per|by|on)\s+")
_BETWEEN: Final = re.compile(r"\s*(?:,|\+|&|\band\b)\s*")
_FIELD: Final = re.compile(r"[\w.$\[\]-]{1,200}")


@lru_cache(maxsize=4096)
def fields_named(text: str) -> tuple[str, ...] | None:
    """The fields in ``per sku and location``, ``order.order_ref`` or ``$message.payload#/order_ref``.

    Empty for "none"; None for words that name no field.
    """
    bare = " ".join(text[:_MOST].split())
    if not bare or bare.lower() in _NOTHING:
        return ()
    parts = [part for part in _BETWEEN.split(_LEAD.sub("", bare)) if part]
    names = [_last_step(part) for part in parts]
    return tuple(name for name in names if name) if names and all(names) else None


def _last_step(part: str) -> str:
    """``$message.payload#/a/b`` and ``a.b`` are ``b``; "" for what is no name of a field."""
    if part.startswith("$message."):
        part = part.rpartition("/")[2]
    return part.rpartition(".")[2].removesuffix("[]") if _FIELD.fullmatch(part) else ""


@lru_cache(maxsize=4096)
def kept_minutes(text: str) -> int | None:
    """How long messages are kept; :data:`FOREVER` for a retention without end, None for words without a duration."""
    return FOREVER if text.strip().lower() in _ENDLESS else minutes(text)
