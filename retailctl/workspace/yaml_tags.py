"""What a YAML tag may do here: say which plain value is meant, and nothing else."""

from __future__ import annotations

from typing import Any, Final

from yaml.events import MappingStartEvent, ScalarEvent

from retailctl.workspace import input_codes as codes
from retailctl.workspace.notice import Notice
from retailctl.workspace.scalars import Scalar, ScalarError, SourceBool, finite, resolve
from retailctl.workspace.source import Source, shorten

_CORE: Final = "tag:yaml.org,2002:"
_STR: Final = _CORE + "str"
_MAP: Final = frozenset((_CORE + "map",))
_SEQUENCE: Final = frozenset((_CORE + "seq",))
_SCALAR: Final = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null"))
_MAX_NOTICES: Final = 100


class Tags:
    """The tags of one stream. Core tags are obeyed; others are refused in owned files and noticed elsewhere."""

    def __init__(self, source: Source, *, owned: bool) -> None:
        self._source, self._owned = source, owned
        self._noticed: dict[str, Notice] = {}
        self.any_scalar = False
        """Whether a scalar had a tag."""

    def notices(self) -> tuple[Notice, ...]:
        """Return one notice per unknown tag, with the first place it stands at."""
        return tuple(self._noticed.values())

    def check(self, event: Any) -> bool:
        """Return whether the tag of a node is a core tag that fits it; raise for any other in an owned file."""
        tag, kind = event.tag, event.__class__
        allowed = _SCALAR if kind is ScalarEvent else _MAP if kind is MappingStartEvent else _SEQUENCE
        if tag == "!" or tag in allowed:
            return True
        shown = shorten("!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag)
        offset = event.start_mark.index
        if self._owned:
            raise self._source.error(codes.TAG, f"tag {shown} is not allowed: only plain data is read", offset)
        if tag not in self._noticed and len(self._noticed) < _MAX_NOTICES:
            message = f"tag {shown} is unknown: its value is kept as plain data"
            self._noticed[tag] = Notice(message, self._source.at(offset))
        return False

    def scalar(self, event: Any) -> Scalar:
        """Return the value of a tagged scalar: text under an unknown tag; raise :class:`ScalarError` for a misfit."""
        text: str = event.value
        self.any_scalar = True
        if not self.check(event) or event.tag in ("!", _STR):
            return text
        name = event.tag.removeprefix(_CORE)
        value = resolve(text, keep_source=self._owned)
        boolean = isinstance(value, bool | SourceBool)
        if name == "float" and isinstance(value, int) and not boolean and text[:2] not in ("0x", "0o"):
            return finite(text)
        fits = {
            "int": isinstance(value, int) and not boolean,
            "float": isinstance(value, float),
            "bool": boolean,
            "null": value is None,
        }
        if not fits[name]:
            raise ScalarError(f"{shorten(text)!r} is not a value for the tag !!{name}", text)
        return value
