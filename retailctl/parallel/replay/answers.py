"""Two answers to one request, compared: status, declared headers, body."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.model.http_exchange import HttpAnswer
from retailctl.parallel.replay.bodies import PARSED, compare_bodies
from retailctl.parallel.replay.correlate import Aliases
from retailctl.parallel.replay.difference import Difference, Excuse, Kind
from retailctl.parallel.replay.field_class import as_number
from retailctl.parallel.replay.rules import DiffRules

STATUS: Final = "(status)"
HEADER: Final = "(header) "
BASE: Final = "{base}"


@dataclass(frozen=True, slots=True)
class Comparer:
    """How the answers of a run are compared. The base addresses of the two sides stand for each other."""

    rules: DiffRules
    headers: Collection[str] = ()
    bases: tuple[str, str] = ("", "")
    aliases: Aliases = field(default_factory=lambda: Aliases(()))
    most: int = PARSED

    def against_new(self, legacy: HttpAnswer, new: HttpAnswer) -> list[Difference]:
        """What the new side does differently."""
        return self._compared(legacy, new, self.bases, self._excuse)

    def against_itself(self, first: HttpAnswer, second: HttpAnswer) -> list[Difference]:
        """What legacy does differently when it is asked again."""
        return self._compared(first, second, (self.bases[0],) * 2, self._near)

    def _compared(
        self, left: HttpAnswer, right: HttpAnswer, bases: tuple[str, str], excuse: Excuse
    ) -> list[Difference]:
        """Bodies are compared only under one status: those of an error and of a success have nothing in common."""
        if left.status != right.status:
            return [Difference("VALUE", STATUS, STATUS, left.status, right.status)]
        found = [
            Difference(kind, f"{HEADER}{name}", name, mine, theirs)
            for name in self.headers
            if (mine := left.headers.get(name)) != (theirs := right.headers.get(name))
            and (kind := _header_kind(name, mine, theirs, bases)) is not None
        ]
        return [*found, *compare_bodies(left.body, right.body, self.rules, excuse=excuse, most=self.most).found]

    def _excuse(self, path: str, legacy: Any, new: Any) -> bool:
        if (
            isinstance(legacy, str)
            and isinstance(new, str)
            and legacy.replace(self.bases[0], BASE) == new.replace(self.bases[1], BASE)
        ):
            return True
        return self.aliases.are_one(legacy, new) or self._near(path, legacy, new)

    def _near(self, path: str, legacy: Any, new: Any) -> bool:
        tolerance = self.rules.at(path).tolerance
        if tolerance is None:
            return False
        left, right = as_number(legacy), as_number(new)
        if left is None or right is None or isinstance(legacy, str) is not isinstance(new, str):
            return False
        off = abs(left - right)
        return off <= (tolerance.limit * abs(left) if tolerance.mode == "rel" else tolerance.limit)


def _header_kind(name: str, mine: str | None, theirs: str | None, bases: tuple[str, str]) -> Kind | None:
    if mine is None or theirs is None:
        return "EXTRA_FIELD" if mine is None else "MISSING_FIELD"
    if name == "content-type":
        return None if _media(mine) == _media(theirs) else "VALUE"
    return None if mine.replace(bases[0], BASE) == theirs.replace(bases[1], BASE) else "VALUE"


def _media(value: str) -> tuple[str, ...]:
    """A media type without its spelling: case, spaces, and the charset that JSON has anyway."""
    kind, *parameters = (part.strip().lower() for part in value.split(";"))
    return (
        kind,
        *sorted(part.replace('"', "") for part in parameters if not part.replace('"', "").startswith("charset=utf-8")),
    )
