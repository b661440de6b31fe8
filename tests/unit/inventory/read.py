"""What a reader sees in a text: the file is made, read and gone again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_for, reader_named
from retailctl.inventory.reading import Found, Reading
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage

AS_OF = date(2026, 11, 20)


def reading(**more: Any) -> Reading:
    """Fingerprints and pseudonyms that tests can tell, and that hide what they stand for."""
    return Reading(as_of=AS_OF, fingerprint=lambda s: f"fp-{_code(s)}", pseudonym=lambda s: f"anon-{_code(s)}", **more)


def _code(text: str) -> str:
    return str(sum((number + 1) * ord(letter) for number, letter in enumerate(text)))


def artefact(folder: Path, name: str, content: str | bytes) -> Artefact:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Artefact(folder, name)


def read(one: Artefact, kind: str, **more: Any) -> list[Found]:
    """Everything that the reader of a kind yields; an error that ends the file comes last."""
    reader = reader_named(kind)
    assert reader is not None
    found: list[Found] = []
    try:
        found.extend(reader.read(one, reading(**more)))
    except InputError as error:
        found.append(error)
    return found


def kind_of(one: Artefact) -> str:
    """The kind that the file is taken for; empty for none."""
    reader = reader_for(one)
    return reader.name if reader is not None else ""


def seen(found: list[Found], kind: str = "interface") -> list[Seen]:
    return [one for one in found if isinstance(one, Seen) and one.kind == kind]


def errors(found: list[Found]) -> list[str]:
    return [f"{one.at}: {one.message}" for one in found if isinstance(one, InputError)]


def coverage(found: list[Found]) -> list[Coverage]:
    return [one for one in found if isinstance(one, Coverage)]
