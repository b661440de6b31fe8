"""Values of Odoo records as they come over RPC or from a file, read without trusting their shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

Row = Mapping[str, Any]

_TECHNICAL: Final = re.compile(r"[a-z_][a-z0-9_.]{0,126}")


def ident(value: object) -> int | None:
    """The id of a many2one (``[7, "name"]``) or of a plain number; None when it is empty."""
    if isinstance(value, list | tuple) and value:
        value = value[0]
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def idents(value: object) -> frozenset[int]:
    """The ids of a one2many or many2many field."""
    return frozenset(one for item in value if (one := ident(item)) is not None) if _is_list(value) else frozenset()  # type: ignore[attr-defined]


def text(value: object) -> str:
    """Text, or nothing where Odoo says ``False``."""
    return value.strip() if isinstance(value, str) else ""


def technical(value: object) -> str:
    """The name of a model, module or method; empty for anything that is not written like one."""
    return found if (found := text(value)) and _TECHNICAL.fullmatch(found) else ""


def moment(value: object) -> datetime | None:
    """A datetime of Odoo (``2026-11-20 15:04:29``, UTC) or a date; None when it is empty or unreadable."""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    elif isinstance(value, datetime):
        found = value
    else:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError:  # the first or last day there is, in another zone
        return None


def number(value: object) -> int | None:
    """A whole number; None for anything else, truth values included."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 else None


def tokens(name: str) -> frozenset[str]:
    """The words of a name: parts between signs and at humps, lower case. ``html_editor`` has no word ``edi``."""
    humps = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return frozenset(part for part in re.split(r"[^a-z0-9]+", humps.lower()) if part)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)
