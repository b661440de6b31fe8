"""The loop over YAML events that builds the values, and the rare cases it hands over.

The loop is one long function on purpose: it runs once per value of every file, and a call per event would double its
cost. Everything that is not a plain key, value or container is a method.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from retailctl.errors import InputError
from retailctl.workspace import input_codes as codes
from retailctl.workspace.limits import Limits
from retailctl.workspace.positions import Positions, line_starts
from retailctl.workspace.scalars import PlainScalars, ScalarError
from retailctl.workspace.source import Source, shorten
from retailctl.workspace.yaml_tags import Tags

_CHUNK: Final = 65_536
_SHALLOW: Final = 3  # root, section, entry: without their sizes a place is found by measuring the whole file
_ITEM: Final = "- "  # stands where the key would stand while a sequence is filled; compared by identity


class YamlBuilder:
    """Builds the documents of one stream; ``roots``, ``tags`` and :meth:`positions` are the result."""

    def __init__(self, source: Source, limits: Limits, *, owned: bool) -> None:
        self.source, self.limits, self.owned = source, limits, owned
        self.roots: list[Any] = []
        self.tags = Tags(source, owned=owned)
        self._marks = array("I")
        self._positions = Positions(self._marks, array("I", [0]))
        self._anchors: dict[str, tuple[Any, int, int] | None] = {}  # value, start, nodes; None while it is open
        self._opened: dict[int, tuple[str, int]] = {}  # stack depth -> anchor name, nodes before
        self._plain = PlainScalars(keep_source=owned)
        self._extra = self._alias_events = self._names = 0

    @property
    def keeps_sources(self) -> bool:
        """Whether a value may remember its source text."""
        return self._plain.kept or self.tags.any_scalar

    def positions(self) -> Positions:
        """Return the positions of everything that was built."""
        self._positions.lines = line_starts(self.source.text)
        return self._positions

    def run(self, events: Iterator[Any]) -> None:  # noqa: C901, PLR0912, PLR0915 - see the module
        """Consume the events of a stream; raise :class:`InputError` at the first thing that is wrong."""
        marks, opened, plain, max_depth = self._marks, self._opened, self._plain, self.limits.depth
        sizes = self._positions.sizes
        mark = marks.append
        names: dict[str, str] = {}  # repeated keys and short texts share one object
        intern: Any = names.setdefault
        container: Any = self.roots
        key: str | None = _ITEM  # None: a mapping waits for a key
        start = 0
        stack: list[tuple[Any, str | None, int]] = []
        event: Any = None
        try:
            while event.__class__ is not StreamEndEvent:
                for event in islice(events, _CHUNK):
                    kind = event.__class__
                    if kind is ScalarEvent:
                        text = event.value
                        if key is None:
                            if text in container:
                                raise self._duplicate(text, container, start, event)
                            key = intern(text, text)
                            mark(event.start_mark.index)
                            if event.tag is not None or event.anchor is not None:
                                self._decorated_key(event)
                            continue
                        if event.tag is not None:
                            value: Any = self.tags.scalar(event)
                        elif event.style == "":
                            value = plain[text]
                        else:
                            value = intern(text, text) if len(text) < 24 else text
                        if key is _ITEM:
                            mark(event.start_mark.index)
                            container.append(value)
                        else:
                            container[key] = value
                            key = None
                        if event.anchor is not None:
                            self._anchors[event.anchor] = (value, len(marks), 1)
                    elif kind is MappingEndEvent or kind is SequenceEndEvent:
                        if kind is MappingEndEvent and "<<" in container:
                            self._merge(container, start)
                        if opened and len(stack) in opened:
                            self._close_anchor(len(stack), container, start)
                        if len(stack) <= _SHALLOW:
                            sizes[start] = len(marks) - start
                        container, key, start = stack.pop()
                    elif kind is MappingStartEvent or kind is SequenceStartEvent:
                        child: Any = {} if kind is MappingStartEvent else []
                        if key is _ITEM:
                            mark(event.start_mark.index)
                            container.append(child)
                        elif key is None:
                            raise self._error(codes.COMPLEX_KEY, "a mapping or sequence is used as a key", event)
                        else:
                            container[key] = child
                            key = None
                        stack.append((container, key, start))
                        if len(stack) > max_depth:
                            raise self._too_deep(len(stack), event)
                        if event.tag is not None or event.anchor is not None:
                            self._decorated_container(event, len(stack))
                        container, start = child, len(marks)
                        key = None if kind is MappingStartEvent else _ITEM
                    elif kind is AliasEvent:
                        if key is None:
                            raise self._error(codes.COMPLEX_KEY, "an alias is used as a key", event)
                        if key is _ITEM:
                            mark(event.start_mark.index)
                            container.append(self._alias(event))
                        else:
                            container[key] = self._alias(event)
                            key = None
                    elif kind is DocumentStartEvent:
                        self._next_document(event)
                self._check_nodes(event)
                if len(names) > _CHUNK:
                    self._names += len(names)
                    names.clear()
        except ScalarError as error:
            raise self._error(codes.NUMBER, str(error), event) from None

    def _error(self, code: str, message: str, event: Any) -> InputError:
        return self.source.error(code, message, event.start_mark.index)

    def _too_deep(self, depth: int, event: Any) -> InputError:
        return self._error(codes.DEPTH, f"nested {depth} levels deep; {self.limits.depth} are allowed", event)

    def _check_nodes(self, event: Any) -> None:
        seen, allowed = len(self._marks) + self._names + self._extra, self.limits.nodes
        if seen > allowed:
            more = "" if event.__class__ is StreamEndEvent else "at least "
            raise self._error(codes.NODES, f"{more}{seen:,} values; {allowed:,} are allowed", event)

    def _next_document(self, event: Any) -> None:
        self._anchors.clear()
        if self.owned and self.roots:
            raise self._error(codes.SEVERAL_DOCUMENTS, "a second document starts here; one is allowed", event)
        if len(self.roots) >= self.limits.documents:
            message = f"more than {self.limits.documents:,} documents; {self.limits.documents:,} are allowed"
            raise self._error(codes.SEVERAL_DOCUMENTS, message, event)

    def _duplicate(self, key: str, container: dict[str, Any], start: int, event: Any) -> InputError:
        first = self.source.at(self._marks[self._positions.entries(container, start)[key]])
        message = f"key {shorten(key)!r} occurs twice in this mapping; the first one is at line {first.line}"
        return self.source.error(codes.DUPLICATE_KEY, message, event.start_mark.index, related=(first,))

    def _decorated_key(self, event: Any) -> None:
        if event.tag is not None:
            self.tags.check(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (event.value, len(self._marks), 1)

    def _decorated_container(self, event: Any, depth: int) -> None:
        if event.tag is not None:
            self.tags.check(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
            self._opened[depth] = event.anchor, len(self._marks) + self._extra - 1

    # aliases and merge keys

    def _close_anchor(self, depth: int, container: Any, start: int) -> None:
        name, before = self._opened.pop(depth)
        self._anchors[name] = container, start, len(self._marks) + self._extra - before

    def _alias(self, event: Any) -> Any:
        """Return the anchored value; the entry of the alias is the last one that was marked."""
        name = shorten(event.anchor)
        if event.anchor not in self._anchors:
            raise self._error(codes.SYNTAX, f"alias *{name} has no anchor &{name} before it", event)
        anchor = self._anchors[event.anchor]
        if anchor is None:
            raise self._error(codes.CYCLE, f"alias *{name} refers to the value that contains it", event)
        value, start, nodes = anchor
        self._alias_events += 1
        if self._alias_events > self.limits.alias_events:
            raise self._error(
                codes.ALIASES, f"{self._alias_events:,} aliases; {self.limits.alias_events:,} are allowed", event
            )
        self._extra += nodes - 1
        seen = len(self._marks) + self._extra
        if seen > self.limits.nodes:
            raise self._error(
                codes.ALIASES, f"aliases expand to {seen:,} values; {self.limits.nodes:,} are allowed", event
            )
        self._positions.aliases[len(self._marks) - 1] = start
        return value

    def _merge(self, container: dict[str, Any], start: int) -> None:
        positions = self._positions
        own = dict(positions.entries(container, start))
        entry, size = own["<<"], positions.size(container, start)
        if self.source.text[self._marks[entry]] != "<":
            return  # a quoted "<<" is an ordinary key
        merged = container["<<"]
        sources = [(merged, positions.inside(entry))]
        if isinstance(merged, list):
            items = positions.entries(merged, sources[0][1])
            sources = [(value, positions.inside(items[index])) for index, value in enumerate(merged)]
        del container["<<"], own["<<"]
        for mapping, inside in sources:
            if not isinstance(mapping, dict):
                raise self.source.error(
                    codes.SYNTAX,
                    "<< takes a mapping or a sequence of mappings",
                    self._marks[entry],
                    hint="Quote the key if << is meant as text.",
                )
            for name, number in positions.entries(mapping, inside).items():
                if name not in container:
                    container[str(name)] = mapping[name]
                    own[name] = number
        positions.merges[start] = own, size
