"""``match:`` of a rule: a cheap equality filter before evaluation, itself with three values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.policy.projection import plain


class Match:
    """The filter of one rule. A value may be a list: any of them.

    A subject whose field differs is no subject of the rule. A subject that lacks the field is judged all the
    same, and a violation then counts as unknown, just as ``field == value && ...`` would.
    """

    __slots__ = ("_kind", "_wanted")

    def __init__(self, kind: str, wanted: Mapping[str, Any]) -> None:
        self._kind = kind
        self._wanted = [(tuple(path.split(".")), _choices(value)) for path, value in sorted(wanted.items())]

    def __call__(self, fields: Mapping[str, Any]) -> tuple[bool | None, str]:
        """(True, ""), (False, "") or (None, the field that is not declared)."""
        missing = ""
        for path, choices in self._wanted:
            value: Any = fields
            for step in path:
                value = value.get(step) if isinstance(value, Mapping) else None
            if value is None:
                missing = missing or ".".join((self._kind, *path))
            elif value not in choices:
                return False, ""
        return (None, missing) if missing else (True, "")


def _choices(value: Any) -> list[Any]:
    value = plain(value)
    return value if isinstance(value, list) else [value]
