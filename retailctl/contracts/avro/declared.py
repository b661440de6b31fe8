"""What a named type says of itself: its names, its symbols, its size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retailctl.contracts.avro.logical import whole
from retailctl.contracts.avro.model import PRIMITIVES, Node, Spot
from retailctl.contracts.avro.names import is_full_name, is_name, namespace_of, qualified
from retailctl.contracts.avro.problems import Problems

_OWN: Final = frozenset(
    {
        *("type", "name", "namespace", "aliases", "doc", "fields", "symbols", "default", "size", "items", "values"),
        *("logicalType", "precision", "scale", "order"),
    }
)


def read_names(
    node: Node, raw: Mapping[str, Any], outer: str, spot: Spot, types: dict[str, Node], problems: Problems
) -> str:
    """Give a named type its name and aliases, and return the namespace inside it."""
    name, space = raw.get("name"), raw.get("namespace", outer)
    if not isinstance(space, str):
        problems.add("bad-name", "a namespace is a text", spot.at("namespace"))
        space = outer
    if not isinstance(name, str):
        problems.add("missing-name", f"{node.label.strip()} has no name", spot)
        return space
    node.name = qualified(name, space)
    inside = namespace_of(node.name)
    if not is_full_name(node.name):
        where = spot.at("name" if not is_full_name(name) else "namespace")
        problems.add("bad-name", f"{node.name!r} is no name: letters, digits and _, no digit first", where)
    if node.name in PRIMITIVES:
        problems.add("bad-name", f"{node.name} is a type of Avro", spot.at("name"))
    elif node.name in types:
        problems.add("duplicate-name", f"{node.name} is defined twice", spot.at("name"))
    else:
        types[node.name] = node
    node.aliases = tuple(qualified(alias, inside) for alias in read_aliases(raw, spot, problems))
    return inside


def read_aliases(raw: Mapping[str, Any], spot: Spot, problems: Problems) -> list[str]:
    """The aliases that a type or a field declares."""
    declared = raw.get("aliases", [])
    if isinstance(declared, list) and all(isinstance(alias, str) and is_full_name(alias) for alias in declared):
        return declared
    problems.add("bad-aliases", "aliases are a list of names", spot.at("aliases"))
    return [alias for alias in declared if isinstance(alias, str)] if isinstance(declared, list) else []


def read_symbols(node: Node, raw: Mapping[str, Any], spot: Spot, problems: Problems) -> None:
    """Give an enum its symbols and its default."""
    declared = raw.get("symbols")
    if not isinstance(declared, list):
        problems.add("missing-symbols", f"{node.label} has no list of symbols", spot)
        return
    seen: dict[str, None] = {}
    for index, symbol in enumerate(declared):
        if not isinstance(symbol, str) or not is_name(symbol):
            problems.add("bad-symbol", f"{symbol!r:.60} is no symbol", spot.at("symbols", index))
        elif symbol in seen:
            problems.add("duplicate-symbol", f"{node.name} has {symbol} twice", spot.at("symbols", index))
        if isinstance(symbol, str):
            seen[symbol] = None
    node.symbols = tuple(seen)
    default = raw.get("default")
    if default is not None and default not in node.symbols:
        problems.add("bad-enum-default", f"{default!r:.60} is no symbol of {node.name}", spot.at("default"))
    elif isinstance(default, str):
        node.default = default


def read_size(node: Node, raw: Mapping[str, Any], spot: Spot, problems: Problems) -> None:
    """Give a fixed its size."""
    size = raw.get("size")
    if "size" not in raw:
        problems.add("missing-size", f"{node.label} has no size", spot)
    elif not whole(size) or not 0 <= size < 1 << 31:
        problems.add("bad-size", f"the size of {node.name} is a number of bytes, not {size!r:.60}", spot.at("size"))
    else:
        node.size = size


def extras(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    """The attributes that Avro does not know."""
    return None if raw.keys() <= _OWN else {key: value for key, value in raw.items() if key not in _OWN}
