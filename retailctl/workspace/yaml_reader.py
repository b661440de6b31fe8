"""YAML text to plain values with positions: one guarded pass over the events of the C parser.

Only dict, list, str, int, float, bool and None are built, no tag constructs anything, nothing recurses, and the
limits are checked while the events arrive, so a hostile file is left before it is expensive.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import Any, Final

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent, MappingStartEvent, NodeEvent
from yaml.reader import ReaderError

from retailctl.errors import InputError
from retailctl.workspace import input_codes as codes
from retailctl.workspace.limits import Limits
from retailctl.workspace.notice import Notice
from retailctl.workspace.positions import Positions
from retailctl.workspace.source import Source
from retailctl.workspace.yaml_builder import YamlBuilder

_MAX_DIRECTIVES: Final = 100
_SEPARATOR: Final = re.compile("[\x85\u2028\u2029]")
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class YamlResult:
    """The documents of a stream, where their keys and items stand, and remarks that are not errors.

    ``keeps_sources``: a value may remember its source text."""

    roots: list[Any]
    positions: Positions
    notices: tuple[Notice, ...]
    keeps_sources: bool = True


def read_yaml(source: Source, limits: Limits, *, owned: bool) -> YamlResult:
    """Read all documents of a text.

    ``owned`` means a file retailctl defines: exactly one document, core tags only, and numbers remember their source
    text. Raises :class:`InputError` with the place and an INP code.
    """
    try:
        return _read(source, limits, owned=owned)
    except InputError as error:
        raise (source.conflict() or error) from None


def _read(source: Source, limits: Limits, *, owned: bool) -> YamlResult:
    text = source.text
    if text.count("\n%") > _MAX_DIRECTIVES:  # the C parser compares every %TAG with every other
        message = f"{text.count(chr(10) + '%'):,} lines start with %; {_MAX_DIRECTIVES} are allowed"
        raise source.error(codes.SYNTAX, message, text.index("\n%") + 1)
    builder = YamlBuilder(source, limits, owned=owned)
    try:
        builder.run(iter(CParser(text).get_event, None))
    except ReaderError:
        raise _unprintable(source) from None
    except MarkedYAMLError as error:
        raise _syntax_error(source, error) from None
    if all(root is None for root in builder.roots):
        raise source.error(codes.EMPTY, "the file holds no data", 0)
    notices = builder.tags.notices() + _separators(source)
    return YamlResult(builder.roots, builder.positions(), notices, builder.keeps_sources)


def value_spans(text: str) -> array[int]:
    """Return start and end offset of the value of every entry, two numbers each, in the order of the positions.

    Only for a text that :func:`read_yaml` has accepted. The end of a mapping or sequence is given as its start.
    """
    spans = array("I")
    waiting_for_key: list[bool | None] = []  # per open container: None in a sequence
    for event in iter(CParser(text).get_event, None):
        if isinstance(event, CollectionEndEvent):
            waiting_for_key.pop()
            continue
        if not isinstance(event, NodeEvent):
            continue
        if waiting_for_key and waiting_for_key[-1] is True:
            waiting_for_key[-1] = False
            continue
        if waiting_for_key and waiting_for_key[-1] is False:
            waiting_for_key[-1] = True
        opens = isinstance(event, CollectionStartEvent)
        begin: Any = event.start_mark
        end: Any = event.start_mark if opens else event.end_mark
        spans.extend((begin.index, end.index))
        if opens:
            waiting_for_key.append(True if isinstance(event, MappingStartEvent) else None)
    return spans


def _separators(source: Source) -> tuple[Notice, ...]:
    """Notice characters that the C parser, by YAML 1.1, still takes for line breaks."""
    found = _SEPARATOR.search(source.text)
    if found is None:
        return ()
    message = f"character U+{ord(found[0]):04X} is read as a line break; write it as an escape in double quotes"
    return (Notice(message, source.at(found.start())),)


def _unprintable(source: Source) -> InputError:
    found = _UNPRINTABLE.search(source.text)
    offset = found.start() if found else 0
    return source.error(
        codes.ENCODING, f"control character U+{ord(source.text[offset]):04X} is not allowed in YAML", offset
    )


def _syntax_error(source: Source, error: MarkedYAMLError) -> InputError:
    context = error.context_mark
    mark = error.problem_mark or context
    offset = min(mark.index, len(source.text)) if mark is not None else 0
    if source.text[offset : offset + 1] == "\t":
        return source.error(codes.SYNTAX, "a tab is not allowed for indentation", offset, hint="Indent with spaces.")
    what = ", ".join(part for part in (error.context, error.problem) if part)
    related = (source.at(context.index),) if context is not None and error.context else ()
    return source.error(codes.SYNTAX, f"not valid YAML: {what}", offset, related=related)
