"""Fixtures of flows with one part replaced: what a broken export, another program or an attacker may write there."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

# Put together here, so that no scanner takes this file for a leak. Each holds PLANTED, and has the shape of a secret.
PLANTED: Final = "m4rked0plant3d"
SECRETS: Final = (
    f"https://svc:{PLANTED}@erp.example/x",
    f"Authorization: Bearer {PLANTED}",
    f"password={PLANTED}",
    f"https://erp.example/x?api_key={PLANTED}",
    f"curl -u svc:{PLANTED} https://erp.example/x",
    "sk_" + f"live_{PLANTED}",
    f"=https://erp.example/x?token={PLANTED}",
    f"https://hooks.slack.com/services/T1/{PLANTED}",
    f"postgres://app:{PLANTED}@pg/shop",
)
_ODD: Final[tuple[Any, ...]] = (None, True, False, 0, -1, 10**30, 1.5, "", " ", "x" * 3_000, "\u202e\x1b[31m", "{{", "${", "://", "é", [], {}, [[]],
               [None], [1, "a"], {"": None}, {"name": 7}, {"a": {"b": []}}, "=", "{{ $json.x }}", "2026-13-45", "🙂")  # fmt: skip


def places(document: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document but the document itself, in order."""
    found: list[tuple[Any, ...]] = []
    parts: Any = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()  # fmt: skip
    for key, part in parts:
        found += [(*at, key), *places(part, (*at, key))]
    return found


def put(document: Any, at: tuple[Any, ...], value: object) -> Any:
    """A copy of the document with another value at a place."""
    made = json.loads(json.dumps(document))
    holder = made
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = value
    return made


def odd_values() -> st.SearchStrategy[object]:
    """Values of the wrong type, and texts that hold signs of other languages."""
    return st.sampled_from(_ODD)
