"""What every reader owes on the way out: no secret and no address of a person in anything that it yields.

Readers drop what they know to be secret where they meet it. This is the second line: whatever has the shape of a
secret in any other place (a token in a queue name, a password in a description) is masked, and an e-mail address
that is no declared account becomes its pseudonym.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reading
from retailctl.model.redaction import Redactor
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage

_MAIL: Final = re.compile(r"[^\s@:/,;<>\"']{1,64}@[^\s@:/,;<>\"']{1,255}\.[A-Za-z]{2,24}")
_PLAIN: Final = frozenset({"source", "ref", "kind", "at", "secret", "confidence"})


def guarded(read: Callable[[Artefact, Reading], Iterator[Found]]) -> Callable[[Artefact, Reading], Iterator[Found]]:
    """The same reader, with every text of what it sees cleaned."""

    @wraps(read)
    def clean(artefact: Artefact, reading: Reading) -> Iterator[Found]:
        redactor = Redactor()

        def person(found: re.Match[str]) -> str:
            return found[0] if reading.known(found[0]) else reading.pseudonym(found[0])

        def text(value: str) -> str:
            value = redactor.text(value)
            return _MAIL.sub(person, value) if "@" in value else value

        for found in read(artefact, reading):
            if isinstance(found, Seen):
                if found.name or found.key or found.secret:  # else nobody could ever tell what it is
                    yield _seen(found, text)
            elif isinstance(found, Coverage) and found.scope:
                yield replace(found, scope=text(found.scope))
            else:
                yield found

    return clean


def _seen(seen: Seen, text: Callable[[str], str]) -> Seen:
    changes = {
        one.name: new
        for one in fields(seen)
        if one.name not in _PLAIN and (new := _value(old := getattr(seen, one.name), text)) is not old
    }
    return replace(seen, **changes) if changes else seen


def _value(value: Any, text: Callable[[str], str]) -> Any:
    """The value cleaned, itself where nothing changed."""
    if isinstance(value, str):
        new = text(value)
        return value if new == value else new
    if isinstance(value, Mapping):
        pairs = {_value(key, text): _value(part, text) for key, part in value.items()}
        return value if all(map(_same, pairs.items(), value.items())) else pairs
    if isinstance(value, list | tuple):
        parts = [_value(part, text) for part in value]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else type(value)(parts)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for one in fields(value):
            old = getattr(value, one.name)
            if one.name != "secret" and (new := _value(old, text)) is not old:
                changes[one.name] = new
        return replace(value, **changes) if changes else value
    return value


def _same(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return one[0] is other[0] and one[1] is other[1]
