"""Ids of what no person has named: a slug of the key, the same in every scan, kept in a lock file once given."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping


def allot(wanted: Mapping[str, str], lock: Mapping[str, str], taken: Iterable[str]) -> dict[str, str]:
    """Ids by key text. ``wanted`` has the slug that each key would like, ``lock`` the ids of earlier scans.

    A key keeps its id for ever. Of new keys that want one slug, or one that is ``taken``, every one gets a suffix of
    its own key, so that the answer does not depend on who came first.
    """
    used = set(taken) | set(lock.values())
    found = {key: lock[key] for key in wanted if key in lock}
    claims: dict[str, list[str]] = defaultdict(list)
    for key in wanted:
        if key not in found:
            claims[wanted[key]].append(key)
    for slug, keys in claims.items():
        if len(keys) == 1 and slug not in used:
            found[keys[0]] = slug
            continue
        for key in keys:
            found[key] = _suffixed(slug, key, used)
    return found


def _suffixed(slug: str, key: str, used: set[str]) -> str:
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    for length in range(4, len(digest)):
        candidate = f"{slug}-{digest[:length]}"
        if candidate not in used:
            used.add(candidate)
            return candidate
    raise AssertionError("a digest is never used up")
