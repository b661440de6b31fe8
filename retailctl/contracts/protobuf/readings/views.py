"""What a contract promises of its data, and so which differences break a reading (contracts.md section 5.4)."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

from retailctl.model.compatibility import Category

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
DEFAULT: Final[Category] = "CSR"
"""What schema registries ask: binary data, and that numbers, names and services keep together."""


class View(NamedTuple):
    """``json``: JSON data counts. ``names``: a number keeps its name. ``declared``: messages and methods stay."""

    json: bool
    names: bool
    declared: bool


VIEWS: Final[dict[Category, View]] = {
    "WIRE": View(json=False, names=False, declared=False),
    "WIRE_JSON": View(json=True, names=True, declared=False),
    "CSR": View(json=False, names=True, declared=True),
    "PACKAGE": View(json=True, names=True, declared=True),
    "FILE": View(json=True, names=True, declared=True),
}
