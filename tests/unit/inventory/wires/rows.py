"""What a reader saw, one short line each: a table that a person can hold against the fixture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from retailctl.inventory.reading import Found
from retailctl.model.seen import Seen
from tests.unit.inventory.read import artefact, errors, read


def row(seen: Seen) -> str:
    """``L12 interface http crm GET /v1/orders v1 < shop(svc-shop)``."""
    place = seen.ref.rpartition("#")[2]
    parts = [place, seen.kind, _key(seen) if seen.kind == "interface" else seen.name]
    parts += [f"< {', '.join(_user(one) for one in seen.consumers)}"] if seen.consumers else []
    return " ".join(parts)


def _key(seen: Seen) -> str:
    key = seen.key
    if key is None:
        return "-"
    names = [field.name for field in fields(key) if field.name not in ("protocol", "version", "provider")]
    told = [f"{name}={value}" for name in names if (value := getattr(key, name)) is not None]
    return " ".join(filter(None, [key.protocol, key.provider or "-", *told, key.version or ""]))


def _user(one: Any) -> str:
    inner = " ".join(filter(None, (one.identity, f"@{one.group}" if one.group else "")))
    return f"{one.name}({inner})" if inner else one.name


def rows(found: Iterable[Found], *kinds: str) -> list[str]:
    return [row(one) for one in found if isinstance(one, Seen) and (not kinds or one.kind in kinds)]


def table(text: str) -> list[str]:
    """The lines of an expected table."""
    return [" ".join(line.split()) for line in text.strip().splitlines()]


def read_text(folder: Path, name: str, kind: str, text: str | bytes, **more: Any) -> list[Found]:
    return read(artefact(folder, name, text), kind, **more)


def figures(found: Iterable[Found], index: int = 0, kind: str = "interface") -> dict[str, Any]:
    return dict([one for one in found if isinstance(one, Seen) and one.kind == kind][index].figures)


def refusal(folder: Path, name: str, kind: str, text: str | bytes) -> str:
    """The one error of a file that nothing can be read of."""
    found = read_text(folder, name, kind, text)
    told = errors(found)
    assert len(told) == 1
    assert not rows(found)
    return told[0]
