"""Single values as YAML text, for edits that splice."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

_WIDE: Final = 1 << 20


def block(item: dict[str, Any], dash: int, offset: int) -> str:
    """Return the item as an entry of a block list, its dash in column ``dash``."""
    lines = _dump({name: _tidy(value) for name, value in item.items()}, flow=False).rstrip("\n").split("\n")
    first, inner = " " * dash + "-".ljust(offset), " " * (dash + offset)
    return "".join((first if number == 0 else inner) + line + "\n" for number, line in enumerate(lines))


def flow(value: Any) -> str:
    """Return the value on one line, as it stands in braces."""
    return _dump({"_": _tidy(value)}, flow=True).strip().removeprefix("{_:").removesuffix("}").strip() or "null"


def _tidy(value: Any) -> Any:
    """Text with line breaks goes on one line, in double quotes."""
    if isinstance(value, str) and any(not c.isprintable() for c in value):
        return like(value, '"')
    if isinstance(value, Mapping):
        return {name: _tidy(inner) for name, inner in value.items()}
    return [_tidy(inner) for inner in value] if isinstance(value, list | tuple) else value


def like(value: Any, style: str | None) -> Any:
    """Return a text that will be written with the quotes of ``style``; anything else as it is."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

    kinds = {'"': DoubleQuotedScalarString, "'": SingleQuotedScalarString}
    return kinds[style](value) if isinstance(value, str) and style in kinds else value


def _dump(value: Any, *, flow: bool) -> str:
    yaml = codec("rt")
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = flow, _WIDE, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(value, out)
    return out.getvalue().removesuffix("...\n")


def codec(kind: str) -> Any:
    """Return a pure-Python ruamel reader and writer; imported here, since only edits need it."""
    from ruamel.yaml import YAML

    return YAML(typ=kind, pure=True)
