"""Types of fields over all schema languages: few enough that two of them can be held against each other.

``number`` is a decimal number of any precision as JSON writes it, ``float`` a binary one, which does not hold every
amount of cents; ``decimal`` is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_CARRIED: Final[Mapping[str, frozenset[str]]] = {
    "number": frozenset({"number", "decimal", "float"}),
    "decimal": frozenset({"decimal", "number"}),
}
ODOO: Final[Mapping[str, str]] = {
    "char": "string", "text": "string", "html": "string", "selection": "string", "float": "float",
    "monetary": "decimal", "binary": "bytes", "many2one": "object", "many2one_reference": "integer",
    "one2many": "array", "many2many": "array", "reference": "string", "json": "object",
}  # fmt: skip
"""What a type of Odoo is here. A float field is a binary number; a monetary one is rounded to its currency."""


def carries(canonical: str, types: tuple[str, ...]) -> bool | None:
    """Whether a field of these types holds every value of the canonical type, as such; None where no type is said."""
    if not types:
        return None
    allowed = _CARRIED.get(canonical, frozenset({canonical}))
    return all(one in allowed for one in types)


def type_text(types: tuple[str, ...]) -> str:
    """Types for people; "" for none."""
    return " or ".join(types)


def declared(word: str | None) -> tuple[str, ...]:
    """The types that a map declares for a field without a schema."""
    return (ODOO.get(word, word),) if word else ()
