"""Extensions and tags that say how an event is governed.

The names are ours (no specification has any); they are read on a message, its traits, an operation, a channel, under
``info`` and on the document, and at the root of a stand-alone JSON Schema or Avro schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.contracts.api.model import escape
from retailctl.model.event_facts import Attribute, Statement
from retailctl.model.places import Place

EXTENSIONS: Final[Mapping[str, Attribute]] = {
    "x-owner": "owner",
    "x-event-kind": "kind",
    "x-idempotency-key": "idempotency",
    "x-ordering": "ordering",
    "x-partition-key": "partition_key",
    "x-retention": "retention",
    "x-replay": "replay",
    "x-dead-letter": "dead_letter",
    "x-dead-letter-queue": "dead_letter",
    "x-consumers": "consumers",
    "x-publisher": "publisher",
}
"""Name -> what it says. The order is that of precedence where two say the same."""

_KINDS: Final = frozenset({"fact", "command"})
_OWNER_TAG: Final = "owner:"
_NAMES: Final = ("name", "id", "system")


def statements_of(raw: Mapping[str, Any], place: Place, *, default: bool = False) -> Iterator[Statement]:
    """What the extensions of an object say, then its tags: ``fact``, ``command`` and ``owner:<team>``."""
    for name, attribute in EXTENSIONS.items():
        values = _values(raw.get(name))
        if values and (attribute != "kind" or set(values) <= _KINDS):
            yield _said(attribute, values, name, place, f"/{name}", default=default)
    tags = raw.get("tags")
    for index, tag in enumerate(tags if isinstance(tags, list) else ()):
        name = str(tag.get("name", "")) if isinstance(tag, dict) else str(tag)
        if name in _KINDS:
            yield _said("kind", (name,), "tag", place, f"/tags/{index}", default=default)
        elif name.startswith(_OWNER_TAG) and len(name) > len(_OWNER_TAG):
            yield _said("owner", (name.removeprefix(_OWNER_TAG),), "tag", place, f"/tags/{index}", default=default)


def said_at(
    attribute: Attribute, value: object, source: str, place: Place, *steps: str, default: bool = False
) -> Iterator[Statement]:
    """One statement about a value below ``place``; none for a value that says nothing."""
    values = _values(value)
    if values:
        pointer = "".join(f"/{escape(step)}" for step in steps)
        yield _said(attribute, values, source, place, pointer, default=default)


def _said(
    attribute: Attribute, values: tuple[str, ...], source: str, place: Place, below: str, *, default: bool
) -> Statement:
    where = Place(path=place.path, pointer=place.pointer + below)
    return Statement(attribute=attribute, values=values, source=source, place=where, default=default)


def _values(value: object) -> tuple[str, ...]:
    """The texts of a scalar, of a list of names, or of an object with a name."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(text for item in items if (text := _text(item)))


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = next((value[name] for name in _NAMES if isinstance(value.get(name), str)), None)
    if isinstance(value, list | tuple) or value is None or isinstance(value, bool):
        return ""
    return str(getattr(value, "text", value)).strip()
