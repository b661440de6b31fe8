"""Two API documents to the changes between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from retailctl.contracts.api.model import ApiDocument, Parameter, Place
from retailctl.contracts.changes.bodies import compare_body, compare_responses
from retailctl.contracts.changes.change import (
    Change,
    Collector,
    CompareOptions,
    Direction,
    Occurrence,
    Pair,
    SchemaEvidence,
)
from retailctl.contracts.changes.lifecycle import is_included, stability_of
from retailctl.contracts.changes.matching import match, prepared
from retailctl.contracts.changes.naming import names
from retailctl.contracts.changes.operations import (
    compare_added,
    compare_marks,
    compare_removed,
    compare_servers,
    compare_webhook_operations,
    compare_webhooks,
)
from retailctl.contracts.changes.parameters import compare_parameters, matched
from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.changes.schemas.graph import Node, SchemaGraph
from retailctl.contracts.changes.security import (
    compare_document_security,
    compare_schemes,
    compare_security,
    compare_security_as_written,
    renamed_schemes,
)
from retailctl.contracts.changes.slots import Kind, Slot, SlotClass

_WHOLE = frozenset({"nullable", "type"})
_SWAPPED: dict[Kind, Kind] = {
    "request-body": "response-body",
    "request-parameter": "response-header",
    "response-body": "request-body",
    "response-header": "request-parameter",
}


class Comparison:
    """The comparison of two API documents. ``changes`` are all of them, in no order that means anything; ``pairs`` the
    operations that are the same on both sides."""

    def __init__(self, old: ApiDocument, new: ApiDocument, options: CompareOptions) -> None:
        self.old, self.new, self.options = old, new, options
        self.graph = SchemaGraph(old.schemas, new.schemas, concise=options.naming == "retailctl")
        self.slots: list[Slot] = []
        self.pairs: tuple[Pair, ...] = ()
        self._out = Collector()
        self._renamed = renamed_schemes(old, new) if options.naming == "retailctl" else {}
        self._masks: dict[SlotClass, int] = {}
        self._occurrences: dict[int, tuple[Occurrence, ...]] = {}
        self.changes: tuple[Change, ...] = tuple(self._run())

    def _run(self) -> Iterator[Change]:
        old, new, options = self.old, self.new, self.options
        operations = match(
            list(prepared(old.operations, options, new=False)),
            list(prepared(new.operations, options, new=True)),
            by_version=options.naming == "retailctl",
        )
        self.pairs = operations.pairs
        webhooks = match(list(old.webhooks), list(new.webhooks))
        compare_removed(operations, new, options, self._out)
        compare_added(operations, self._out)
        compare_webhooks(old.webhooks, new.webhooks, self._out)
        if options.naming == "retailctl":
            compare_webhook_operations(webhooks, self._out)
            compare_servers(old, new, operations, self._out)
            if old.family != new.family:
                place = Place("", "/swagger" if new.family == "swagger-2.0" else "/openapi")
                self._out.add("document-version-changed", subject="document", what=new.version, old=old.version,
                              new=new.version, old_place=place, new_place=place)  # fmt: skip
        else:
            compare_document_security(old, new, self._out)
        compare_schemes(old, new, self._renamed, self._out, options)
        for pair in (*operations.pairs, *webhooks.pairs):
            if is_included(options, stability_of(pair.new.raw)):
                self._pair(pair)
        self._components()
        self._reach()
        yield from self._out.changes()
        for node in self.graph.nodes:
            for fact in node.facts:
                if not (options.naming == "oasdiff" and fact.data.get("wrapped") and len(node.facts) > 1):
                    yield from self._named(node, fact)

    def _reach(self) -> None:
        """Compare every pair of schemas that was put into a slot, and all that they lead to."""
        self.graph.in_mask = self._mask("in")
        self.graph.out_mask = self._mask("out")
        self.graph.most_pairs += 4 * max(len(self.old.schema_names), len(self.new.schema_names))
        if not self.graph.run():
            place = Place("", "")
            self._out.add("comparison-not-finished", subject="document", old_place=place, new_place=place)

    def _pair(self, pair: Pair) -> None:
        compare_marks(pair, self.options, self._out)
        compare_parameters(pair, self.options, self._out)
        ours = self.options.naming == "retailctl"
        compare_body(pair, self._out, self._slot, ranges=ours)
        compare_responses(pair, self._out, self._slot, ranges=ours)
        if self.options.naming == "retailctl":
            compare_security(pair, self._renamed, self._out)
            self._callbacks(pair)
        else:
            compare_security_as_written(pair, self._out)
        for old, new in matched(pair, self.options)[0]:
            self._parameter(pair, old, new)

    def _parameter(self, pair: Pair, old: Parameter, new: Parameter) -> None:
        label = f"{new.location} {new.name}"
        more = {
            "strong": False, "location": new.location, "explode": new.style == "form" and new.explode,
            "optional": old.raw.get("required") is not True and new.raw.get("required") is not True,
            "parameter": (old, new),
        }  # fmt: skip
        if old.schema is not None and new.schema is not None:
            self._slot(pair, "request-parameter", label, old.schema, new.schema, old.place, new.place, **more)
        if self.options.naming == "oasdiff":
            return  # what stands below content is not looked at there
        for name in sorted(old.content.keys() & new.content.keys()):
            one, other = old.content[name], new.content[name]
            if one.schema is not None and other.schema is not None:
                more["strong"] = True
                self._slot(
                    pair,
                    "request-parameter",
                    f"{label} {name}",
                    one.schema,
                    other.schema,
                    one.place,
                    other.place,
                    **more,
                )

    def _slot(
        self, pair: Pair, kind: Kind, label: str, old: str, new: str, old_place: Place, new_place: Place, **more: object
    ) -> None:
        parameter = more.pop("parameter", None)
        swapped = pair.new.provider_sends and self.options.naming == "retailctl"
        inward = kind.startswith("request") != pair.new.provider_sends
        group = SlotClass(
            kind=_SWAPPED[kind] if swapped else kind, polarity="in" if inward else "out",
            stability=stability_of(pair.new.raw) or "", swapped=swapped, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        slot = Slot(
            operation=pair.label, label=label, group=group, old=old, new=new, old_place=old_place,
            new_place=new_place, parameter=parameter,  # type: ignore[arg-type]
        )  # fmt: skip
        self._put(slot)

    def _put(self, slot: Slot) -> None:
        bit = len(self.slots)
        self.slots.append(slot)
        self._masks[slot.group] = self._masks.get(slot.group, 0) | 1 << bit
        self.graph.add(slot.old, slot.new, bit)

    def _callbacks(self, pair: Pair) -> None:
        old, new = pair.old.callbacks, pair.new.callbacks
        for name in sorted({*old, *new}):
            if name not in old or name not in new:
                self._callback(pair, f"callback-{'added' if name in new else 'removed'}", name, name)
                continue
            found = match(old[name], new[name])
            for operations, action in ((found.removed, "removed"), (found.added, "added")):
                for operation in operations:
                    self._callback(pair, f"callback-operation-{action}", name, f"{name} {operation.label}")
            for inner in found.pairs:
                self._pair(inner)

    def _callback(self, pair: Pair, id: str, name: str, what: str) -> None:
        self._out.add(
            id,
            subject=pair.label,
            pointer=f"/callbacks/{what}",
            what=what,
            old_place=pair.old.place.at("callbacks", name),
            new_place=pair.new.place.at("callbacks", name),
            occurrences=pair.at(),
            direction="response",
        )

    def _components(self) -> None:
        before = self.old.components.get("schemas", {})
        after = self.new.components.get("schemas", {})
        folder = "/definitions" if self.old.family == "swagger-2.0" else "/components/schemas"
        for name in before:
            if name not in after:
                place = Place("", folder).at(name)
                self._out.add("api-schema-removed", subject=f"schema {name}", what=name, old_place=place,
                              new_place=Place("", folder))  # fmt: skip

    def _mask(self, polarity: str) -> int:
        found = 0
        for group, mask in self._masks.items():
            if group.polarity == polarity:
                found |= mask
        return found

    def _named(self, node: Node, fact: SchemaFact) -> Iterator[Change]:
        whole = node.root | node.nested
        ways = [(True, whole)] if fact.nested else [(False, node.root), (True, node.nested)]
        for group, mask in self._masks.items():
            for nested, reached in ways:
                if reached & mask:
                    for id in names(fact, group, nested, self.options):
                        yield self._change(id, node, fact, group, reached & mask)

    def _change(self, id: str, node: Node, fact: SchemaFact, group: SlotClass, bits: int) -> Change:
        slot = self.slots[(bits & -bits).bit_length() - 1]
        flow: Direction = "request" if group.polarity == "in" else "response"
        seat = self._seat(node)
        return Change(
            id=id,
            subject=f"schema {seat.component}" if seat.component else slot.operation,
            pointer="/".join(("", *seat.steps, *map(str, fact.new_steps), fact.keyword, fact.name)),
            what=_what(fact, seat, slot),
            old=fact.old,
            new=fact.new,
            location=slot.label,
            direction=flow,
            occurrences=self._reached(bits),
            old_place=_place(self.graph.place_of(node.old_key), seat.old_use, fact.old_steps, fact),
            new_place=_place(self.graph.place_of(node.new_key), seat.new_use, fact.new_steps, fact),
            stability=group.stability,
            schema=SchemaEvidence(node, fact, slot),
        )

    def _seat(self, node: Node) -> _Seat:
        """What a pair of schemas is called: the component that it is on both sides, else the place where it is used."""
        old, new = self.graph.place_of(node.old_key), self.graph.place_of(node.new_key)
        name = self.new.schema_names.get(new)
        if name is not None and old in self.old.schema_names:
            return _Seat(name)
        if node.use is None:
            return _Seat(None)
        path, _, inside = node.use[1].partition("#")
        parts = inside.split("/")
        for length in range(len(parts), 1, -1):
            component = self.new.schema_names.get(f"{path}#{'/'.join(parts[:length])}")
            if component is not None:
                return _Seat(component, tuple(parts[length:]), *node.use)
        return _Seat(None, self._steps(node.use[1], parts), *node.use)

    def _steps(self, key: str, parts: list[str]) -> tuple[str, ...]:
        """The way from the schema of a body, a parameter or a message to a place inside it."""
        if "schema" in parts:
            return tuple(parts[parts.index("schema") + 1 :])
        around = next((slot.new for slot in self.slots if key.startswith(f"{slot.new}/")), None)
        return () if around is None else tuple(key[len(around) + 1 :].split("/"))

    def _reached(self, bits: int) -> tuple[Occurrence, ...]:
        known = self._occurrences.get(bits)
        if known is None:
            known = tuple(Occurrence(slot.operation, slot.label) for slot in _members(self.slots, bits))
            self._occurrences[bits] = known
        return known


def _members(slots: list[Slot], bits: int) -> Iterator[Slot]:
    while bits:
        low = bits & -bits
        yield slots[low.bit_length() - 1]
        bits ^= low


class _Seat(NamedTuple):
    """The component that a fact belongs to (None: it stands in an operation), the steps to it, and its uses as keys."""

    component: str | None
    steps: tuple[str, ...] = ()
    old_use: str = ""
    new_use: str = ""


def _what(fact: SchemaFact, seat: _Seat, slot: Slot) -> str:
    skipped = {"properties", "$ref"}
    steps = [str(step) for step in (*seat.steps, *fact.new_steps) if step not in skipped]
    if fact.family.startswith("property-") and fact.keyword in ("properties", "required"):
        steps.append(fact.name)
    path = "/".join(steps)
    first = seat.component or (slot.parameter[1].name if slot.parameter is not None else "")
    if first:
        return f"{first}/{path}" if path else first
    return path or slot.label


def _place(key: str, use: str, steps: tuple[str | int, ...], fact: SchemaFact) -> Place:
    """Where a fact stands; one about a reference as a whole stands where the reference is used."""
    path, _, pointer = (use if use and not steps and fact.keyword in _WHOLE else key).partition("#")
    place = Place(path, pointer).at(*steps)
    if fact.keyword in ("properties", "patternProperties", "dependentSchemas") and fact.name:
        return place.at(fact.keyword, fact.name)
    return place if fact.keyword in _WHOLE else place.at(fact.keyword)


def compare(old: ApiDocument, new: ApiDocument, options: CompareOptions) -> tuple[Change, ...]:
    """The changes from the old document to the new one."""
    return Comparison(old, new, options).changes
