"""Media types: which representation is which, and what one name says about another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from retailctl.contracts.api.model import MediaType


class MediaName(NamedTuple):
    """A media type taken apart: ``application / problem + json ; charset=utf-8``."""

    kind: str
    subtype: str
    suffix: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def bare(self) -> str:
        """The name without parameters."""
        return f"{self.kind}/{self.subtype}" + (f"+{self.suffix}" if self.suffix else "")


def parse(name: str) -> MediaName:
    """Take a media type apart (RFC 6838 and RFC 9110, 8.3.1); what is malformed stays in one piece."""
    bare, *rest = name.split(";")
    kind, _, whole = bare.strip().lower().partition("/")
    subtype, _, suffix = whole.partition("+")
    parameters = []
    for part in rest:
        key, _, value = part.strip().partition("=")
        if key:
            parameters.append((key.strip().lower(), value.strip().strip('"')))
    return MediaName(kind, subtype, suffix, tuple(sorted(parameters)))


def contains(general: str, special: str) -> bool:
    """True if ``special`` is a form of ``general``: ``application/json`` of ``application/problem+json``."""
    one, other = parse(general), parse(special)
    if one.kind != other.kind:
        return False
    if not one.suffix and other.suffix and other.suffix == one.subtype:
        return True
    return (one.subtype, one.suffix) == (other.subtype, other.suffix)


def is_json(name: str) -> bool:
    """True where a number is not the same as its text."""
    media = parse(name)
    return media.subtype == "json" or media.suffix == "json"


def _covers(general: str, special: str) -> bool:
    """True if ``general`` is a media range that ``special`` is in: ``application/*``, ``*/*``."""
    one, other = parse(general), parse(special)
    return one.subtype == "*" and one.kind in ("*", other.kind)


def match(
    old: Mapping[str, MediaType], new: Mapping[str, MediaType], *, ranges: bool
) -> tuple[list[tuple[MediaType, MediaType]], list[str], list[str]]:
    """The representations on both sides, those removed, those added; a name may become more general or special.

    ``ranges``: a media range on one side stands for what is in it on the other.
    """
    pairs = [(old[name], new[name]) for name in old if name in new]
    removed = [name for name in old if name not in new]
    added = []
    for name in new:
        if name in old:
            continue
        twin = next((other for other in removed if contains(name, other) or contains(other, name)), None)
        if twin is None:
            added.append(name)
        else:
            removed.remove(twin)
            pairs.append((old[twin], new[name]))
    if ranges:
        for name in list(removed):
            twin = next((other for other in new if _covers(other, name) or _covers(name, other)), None)
            if twin is not None:
                removed.remove(name)
                pairs.append((old[name], new[twin]))
        added = [name for name in added if not any(_covers(name, other) or _covers(other, name) for other in old)]
    return pairs, removed, added
