"""Names by the rules of others: short, of few characters, and still one name per entry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from retailctl.inventory.catalogue import is_name

_LONGEST: Final = 63


def entity_names(ids: Iterable[str]) -> Mapping[str, str]:
    """Id -> name that a Backstage catalogue takes: 1 to 63 of letters, digits, ``-``, ``_``, ``.``; unique in any case.

    An id that is such a name stays. Others get a digest of the id at the end, so that a name does not depend on which
    other ids there are.
    """
    ids = sorted(set(ids))
    folded: dict[str, int] = {}
    for id_ in ids:
        folded[id_.lower()] = folded.get(id_.lower(), 0) + 1
    return {id_: id_ if is_name(id_) and folded[id_.lower()] == 1 else _made(id_) for id_ in ids}


def _made(id_: str) -> str:
    digest = hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", id_).strip("-._")[: _LONGEST - 9].rstrip("-._")
    return f"{stem}-{digest}" if stem else f"x-{digest}"
