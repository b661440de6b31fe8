"""XML data files of an addon: the records of interest, read as a stream and without entities.

Declared entities, external ones with them, are refused before anything is expanded; a document type alone is harmless.
Every file is read to its end, whatever it holds: a broken one is told, as nobody else will.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from retailctl.errors import InputError, Location
from retailctl.inventory.addons.facts import Loaded, Record, SecretLiteral, UrlLiteral
from retailctl.inventory.addons.literals import addresses, names_credential, without_tokens
from retailctl.inventory.addons.record_fields import ACCESS, KEPT, SEARCHED, SECRET
from retailctl.inventory.secret_names import is_literal
from retailctl.inventory.urls import url_of
from retailctl.workspace.input_codes import EMPTY, SYNTAX

Fingerprint = Callable[[str], str]
_LONGEST: Final = 64 * 1024
_MODELS: Final = tuple(model.encode() for model in (*KEPT, ACCESS))


@dataclass(slots=True)
class Read:
    """What one data file holds; ``open_access`` counts rows of access for everybody, with the right to write."""

    records: list[Record] = field(default_factory=list)
    open_access: int = 0


def xml_records(data: bytes, path: str, loaded: Loaded = "unlisted", fingerprint: Fingerprint | None = None) -> Read:
    """The records of a file. Raises InputError, located, for one that is empty or broken."""
    if not data.strip():
        raise InputError(EMPTY, "is empty", at=Location(path), hint="remove it, or write the data it should hold")
    parser = expat.ParserCreate()
    reading = _Reading(parser, path, loaded, fingerprint)
    parser.EntityDeclHandler = reading.refuse
    parser.ExternalEntityRefHandler = reading.refuse
    if any(model in data for model in _MODELS) or b"\x00" in data[:4]:  # the second: UTF-16
        parser.StartElementHandler = reading.start
        parser.EndElementHandler = reading.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "broken")
        at = Location(path, line=error.lineno, column=error.offset + 1)
        raise InputError(SYNTAX, f"is no XML that can be parsed: {reason}", at=at, hint="correct the file") from None
    except (ValueError, LookupError) as error:  # an encoding that expat does not know
        reason = "its encoding is not known" if isinstance(error, LookupError) else "it cannot be decoded"
        raise InputError(
            SYNTAX, f"is no XML that can be parsed: {reason}", at=Location(path), hint="save it as UTF-8"
        ) from None
    finally:
        # Parser and handlers hold each other, and no collection runs during a scan.
        parser.EntityDeclHandler = parser.ExternalEntityRefHandler = None
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    return reading.found


class _Reading:
    """The handlers of the parser. ``_field`` is the field of the record whose text is being read."""

    def __init__(self, parser: expat.XMLParserType, path: str, loaded: Loaded, fingerprint: Fingerprint | None) -> None:
        self.found = Read()
        self._parser, self._path, self._loaded, self._fingerprint = parser, path, loaded, fingerprint
        self._model = self._id = self._field = ""
        self._line = self._depth = self._size = 0
        self._text: list[str] = []
        self._values: dict[str, str] = {}
        self._lines: dict[str, int] = {}

    def refuse(self, *_: Any) -> Any:
        """An entity is declared: nothing of the file is used."""
        at = Location(self._path, line=self._parser.CurrentLineNumber)
        raise InputError(SYNTAX, "declares XML entities, which are not read", at=at, hint="write the text out")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._model:
            self._depth += 1
            if name == "field" and self._depth == 1:
                self._begin_field(attributes)
        elif name == "record":
            model = attributes.get("model", "")
            if model in KEPT or model == ACCESS:
                self._model, self._id = model, attributes.get("id", "")
                self._line, self._depth = self._parser.CurrentLineNumber, 0

    def end(self, name: str) -> None:
        if not self._model:
            return
        if self._depth == 0:
            self._keep()
            self._model = ""
            self._values, self._lines = {}, {}
            return
        if self._depth == 1 and self._field:
            if self._text:
                self._values.setdefault(self._field, "".join(self._text).strip())
            self._field = ""
            self._parser.CharacterDataHandler = None
        self._depth -= 1

    def _begin_field(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name", "")
        self._lines[name] = self._parser.CurrentLineNumber
        self._field, self._text, self._size = "", [], 0
        if "eval" in attributes:
            self._values[name] = _evaluated(attributes["eval"])
        elif "ref" in attributes:
            self._values[name] = attributes["ref"]
        else:
            self._field = name
            self._parser.CharacterDataHandler = self._characters

    def _characters(self, text: str) -> None:
        self._size += len(text)
        if self._size <= _LONGEST:
            self._text.append(text)

    def _keep(self) -> None:
        if self._model == ACCESS:
            self.found.open_access += is_open_access(self._values)
            return
        self.found.records.append(
            record_of(
                self._model, self._id, self._values, path=self._path, line=self._line, lines=self._lines,
                loaded=self._loaded, fingerprint=self._fingerprint,
            )
        )  # fmt: skip


def record_of(
    model: str,
    xml_id: str,
    values: Mapping[str, str],
    *,
    path: str,
    line: int,
    lines: Mapping[str, int],
    loaded: Loaded,
    fingerprint: Fingerprint | None,
) -> Record:
    """A record with what may be kept of it: allowed fields, addresses without secrets, fingerprints."""
    urls = tuple(
        UrlLiteral(
            path=path, line=lines.get(name, line), scheme=found.scheme, host=found.host, address=found.address,
            standing=found.standing,
        )
        for name in sorted(SEARCHED & values.keys())
        for found in addresses(values[name])
    )  # fmt: skip
    kept = {name: _clean(values[name]) for name in sorted(KEPT[model] & values.keys())}
    secrets = tuple(_secrets(model, values, path, line, lines, fingerprint))
    return Record(
        path=path, line=line, model=model, xml_id=xml_id, loaded=loaded, fields=kept, urls=urls, secrets=secrets
    )


def is_open_access(values: Mapping[str, str]) -> bool:
    """Does a row of access let everybody write: active, without a group, with a right beyond reading?"""
    groups = values.get("group_id") or values.get("group_id:id") or values.get("group_id/id") or ""
    rights = ("perm_write", "perm_create", "perm_unlink")
    return (
        not groups.strip("0")
        and any(_truth(values.get(right, "")) for right in rights)
        and _truth(values.get("active", "1"))
    )


def _truth(text: str) -> bool:
    return text.strip().lower() not in ("", "0", "false", "none", "no")


def _secrets(
    model: str,
    values: Mapping[str, str],
    path: str,
    line: int,
    lines: Mapping[str, int],
    fingerprint: Fingerprint | None,
) -> list[SecretLiteral]:
    named = {name: value for name, value in values.items() if name in SECRET or names_credential(name)}
    if model == "ir.config_parameter" and names_credential(values.get("key", "")) and values.get("value"):
        named = {values["key"]: values["value"]}
    return [
        SecretLiteral(
            path=path, line=lines.get(name, line), name=name[:80], secret=fingerprint(value) if fingerprint else ""
        )
        for name, value in sorted(named.items())
        if len(value) >= 6 and is_literal(value) and not value.isspace()
    ]


def _clean(text: str) -> str:
    url = url_of(text)
    if url is not None:
        return f"{url.scheme}://{url.name}{without_tokens(url.path)}"
    return " ".join(text.split())[:200]


def _evaluated(text: str) -> str:
    """The value of an ``eval``, where it is a literal; else nothing."""
    if len(text) > 200:
        return ""
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ""
    return str(value) if isinstance(value, str | int | float) else ""
