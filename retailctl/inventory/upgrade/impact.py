"""Uses held against changes: what of the estate an upgrade hits. How bad each is stands in the table of rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from retailctl.errors import Location
from retailctl.inventory.upgrade.analysis import Change, FieldChange, ModelChange, RecordChange
from retailctl.inventory.upgrade.likeness import likeness, reads_like
from retailctl.inventory.upgrade.relations import target

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Somebody uses a model, a field of it (``path`` may lead through others), or a record by its id.

    ``by`` names the user in a sentence ("map order", "interface if-x"); ``writes`` is None where nobody says.
    """

    by: str
    at: Location
    model: str = ""
    path: tuple[str, ...] = ()
    record: str = ""
    writes: bool | None = None
    owner: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """``rule`` names the row; ``model`` and ``field`` are what is used at that step, ``instead`` what replaces it.

    ``way`` are the fields that lead to it, itself the last, as the use names them. ``alike`` tells whether the first of
    ``instead`` is more than a new field of the same type.
    """

    rule: str
    use: Use
    version: int
    model: str
    at: Location
    text: str
    field: str = ""
    instead: tuple[str, ...] = ()
    comment: str = ""
    way: tuple[str, ...] = ()
    alike: bool = True


class Step:
    """The changes that lead to one version, ready to be asked."""

    def __init__(self, version: int, changes: Iterable[Change]) -> None:
        self.version = version
        self.fields: dict[tuple[str, str], list[FieldChange]] = defaultdict(list)
        self.models: dict[str, list[ModelChange]] = defaultdict(list)
        self.records: dict[str, list[RecordChange]] = defaultdict(list)
        self.relations: dict[tuple[str, str], str] = {}
        self._new: dict[str, list[FieldChange]] = defaultdict(list)
        for change in changes:
            if isinstance(change, FieldChange):
                self.fields[change.model, change.field].append(change)
                if change.relation:
                    self.relations.setdefault((change.model, change.field), change.relation)
                if change.kind == "new":
                    self._new[change.model].append(change)
            elif isinstance(change, ModelChange):
                self.models[change.model].append(change)
            else:
                self.records[change.xml_id].append(change)

    def gone(self, model: str) -> ModelChange | None:
        """The line that says that a model is no more, under this name."""
        lines = self.models.get(model, [])
        if any(line.kind in ("new", "moved") for line in lines):
            return None
        return next((line for line in lines if line.kind in ("renamed", "gone")), None)

    def hitting(self) -> Iterator[str]:
        """Names of fields and models that a use may be hit under."""
        for (_, name), lines in self.fields.items():
            if any(line.kind not in ("new", "other") for line in lines):
                yield name
        yield from (model for model in self.models if self.gone(model) is not None)

    def instead_of(self, gone: FieldChange, model: str) -> tuple[tuple[str, ...], bool]:
        """New fields of the model, or of what it is called now, with the type of the one that is gone.

        The likeliest comes first; the second value tells whether it reads like the one that is gone.
        """
        line = self.gone(model)
        models = (model, line.new) if line is not None and line.kind == "renamed" else (model,)
        ranked = sorted(
            (
                (-likeness(gone, new), new.field, reads_like(gone, new))
                for name in models
                for new in self._new.get(name, ())
                if new.type == gone.type
                and _same_relation(new.relation, gone.relation, self)
                and not any(line.kind == "del" for line in self.fields.get((name, new.field), ()))  # it only moved
            ),
        )
        return tuple(dict.fromkeys(name for _, name, _ in ranked)), bool(ranked) and ranked[0][2]


def _same_relation(new: str, old: str, step: Step) -> bool:
    if not new or not old or new == old:
        return True
    return any(line.kind == "renamed" and line.new == new for line in step.models.get(old, ()))


def impacts(uses: Iterable[Use], steps: Iterable[Step]) -> Iterator[Impact]:
    """What hits each use, step after step; what was renamed is followed under its new name."""
    ordered = sorted(steps, key=lambda step: step.version)
    for use in uses:
        if use.record:
            yield from _record(use, ordered)
        else:
            yield from _field(use, ordered)


def _record(use: Use, steps: list[Step]) -> Iterator[Impact]:
    for step in steps:
        lines = step.records.get(use.record, [])
        gone = next((line for line in lines if line.kind == "del"), None)
        if gone is not None and not any(line.kind == "new" for line in lines):
            yield Impact(
                rule="UPG-07", use=use, version=step.version, model=gone.model, at=gone.at, text=gone.text,
                comment=gone.comment,
            )  # fmt: skip
            return


def _field(use: Use, steps: list[Step]) -> Iterator[Impact]:
    names, top = list(use.path), use.model
    for step in steps:
        model = top
        line = step.gone(model)
        if line is not None:
            instead = (line.new,) if line.kind == "renamed" else ()
            yield Impact(
                rule="UPG-04", use=use, version=step.version, model=model, at=line.at, text=line.text, instead=instead,
                comment=line.comment,
            )  # fmt: skip
            if not instead:
                return
            top = line.new
        for number, name in enumerate(names):
            found = _changed(use, step, model, name)
            following = target(model, name, step.relations)
            if found is not None:
                yield replace(found, way=use.path[: number + 1])
                if found.rule == "UPG-01" or not found.alike:
                    return
                if found.rule == "UPG-03":
                    names[number] = found.instead[0]
            if not following:
                break
            model = following


def _changed(use: Use, step: Step, model: str, name: str) -> Impact | None:
    """The worst that a step says of one field; nothing for what only gets more."""
    lines = step.fields.get((model, name), [])
    gone = next((line for line in lines if line.kind == "del"), None)
    new = next((line for line in lines if line.kind == "new"), None)
    alike = True
    if gone is not None and new is not None:  # it moved to another module
        line, rule = (new, "UPG-02") if new.type != gone.type else (None, "")
        instead: tuple[str, ...] = (new.type,)
    elif gone is not None:
        instead, alike = step.instead_of(gone, model)
        alike = alike or not instead
        line, rule = gone, "UPG-03" if instead else "UPG-01"
    else:
        line, rule, instead = _altered(use, lines)
    if line is None:
        return None
    return Impact(
        rule=rule, use=use, version=step.version, model=model, field=name, at=line.at, text=line.text,
        instead=instead[:_SHOWN], comment=line.comment, alike=alike,
    )  # fmt: skip


def _altered(use: Use, lines: list[FieldChange]) -> tuple[FieldChange | None, str, tuple[str, ...]]:
    for kind, rule in (("renamed", "UPG-03"), ("type", "UPG-02"), ("relation", "UPG-05"), ("selection", "UPG-05")):
        for line in lines:
            if line.kind == kind and not (kind == "relation" and "nothing to do" in line.text):
                return line, rule, (line.new,) if line.new else ()
    # What only asks more of writers is nothing to those who read.
    asked = (line for line in lines if line.kind in ("required", "storage") and use.writes is not False)
    first = next(asked, None)
    return (first, "UPG-05", ()) if first is not None else (None, "", ())
