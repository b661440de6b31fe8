"""Two API documents to the changes between them."""

from __future__ import annotations

from collections.abc import Iterator

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

_SWAPPED: dict[Kind, Kind] = {
    "request-body": "response-body",
    "request-parameter": "response-header",
    "response-body": "request-body",
    "response-header": "request-parameter",
}


class Comparison:
    """The comparison of two API documents. ``changes`` are all of them, in no order that means anything."""

    def __init__(self, old: ApiDocument, new: ApiDocument, options: CompareOptions) -> None:
        self.old, self.new, self.options = old, new, options
        self.graph = SchemaGraph(old.schemas, new.schemas, concise=options.naming == "retailctl")
        self.slots: list[Slot] = []
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
        webhooks = match(list(old.webhooks), list(new.webhooks))
        compare_removed(operations, new, options, self._out)
        compare_added(operations, self._out)
        compare_webhooks(old.webhooks, new.webhooks, self._out)
        if options.naming == "retailctl":
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
        self.graph.in_mask = self._mask("in")
        self.graph.out_mask = self._mask("out")
        self.graph.most_pairs += 4 * max(len(old.schema_names), len(new.schema_names))
        if not self.graph.run():
            place = Place("", "")
            self._out.add("comparison-not-finished", subject="document", old_place=place, new_place=place)
        yield from self._out.changes()
        for node in self.graph.nodes:
            for fact in node.facts:
                if not (options.naming == "oasdiff" and fact.data.get("wrapped") and len(node.facts) > 1):
                    yield from self._named(node, fact)

    def _pair(self, pair: Pair) -> None:
        compare_marks(pair, self.options, self._out)
        compare_parameters(pair, self.options, self._out)
        compare_body(pair, self._out, self._slot)
        compare_responses(pair, self._out, self._slot)
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
            operation=pair.label, label=label, group=group, old=old, new=new, old_operation=pair.old,
            new_operation=pair.new, old_place=old_place, new_place=new_place, parameter=parameter,  # type: ignore[arg-type]
        )  # fmt: skip
        bit = len(self.slots)
        self.slots.append(slot)
        self._masks[group] = self._masks.get(group, 0) | 1 << bit
        self.graph.add(old, new, bit)

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
        for group, mask in self._masks.items():
            for nested, reached in ((fact.nested, node.root), (True, node.nested)):
                bits = reached & mask
                if bits and not (nested is fact.nested is True and reached is node.nested and node.root & mask):
                    for id in names(fact, group, nested, self.options):
                        yield self._change(id, node, fact, group, bits)

    def _change(self, id: str, node: Node, fact: SchemaFact, group: SlotClass, bits: int) -> Change:
        slot = self.slots[(bits & -bits).bit_length() - 1]
        flow: Direction = "request" if group.polarity == "in" else "response"
        name = self._component(node)
        return Change(
            id=id,
            subject=f"schema {name}" if name else slot.operation,
            pointer="/".join(("", *map(str, fact.new_steps), fact.keyword, fact.name)),
            what=_what(fact, name, slot),
            old=fact.old,
            new=fact.new,
            location=slot.label,
            direction=flow,
            occurrences=self._reached(bits),
            old_place=_place(self.graph.place_of(node.old_key), fact.old_steps, fact),
            new_place=_place(self.graph.place_of(node.new_key), fact.new_steps, fact),
            stability=group.stability,
            schema=SchemaEvidence(node, fact, slot),
        )

    def _component(self, node: Node) -> str | None:
        old, new = self.graph.place_of(node.old_key), self.graph.place_of(node.new_key)
        return self.new.schema_names.get(new) or self.old.schema_names.get(old)

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


def _what(fact: SchemaFact, component: str | None, slot: Slot) -> str:
    skipped = {"properties", "$ref"}
    steps = [str(step) for step in fact.new_steps if step not in skipped]
    if fact.family.startswith("property-") and fact.keyword in ("properties", "required"):
        steps.append(fact.name)
    path = "/".join(steps)
    if slot.parameter is not None and component is None:
        return f"{slot.parameter[1].name}/{path}" if path else slot.parameter[1].name
    if component:
        return f"{component}/{path}" if path else component
    return path or slot.label


def _place(key: str, steps: tuple[str | int, ...], fact: SchemaFact) -> Place:
    path, _, pointer = key.partition("#")
    place = Place(path, pointer).at(*steps)
    if fact.keyword in ("properties", "patternProperties", "dependentSchemas") and fact.name:
        return place.at(fact.keyword, fact.name)
    if fact.keyword in ("nullable", "type"):
        return place
    return place.at(fact.keyword)


def compare(old: ApiDocument, new: ApiDocument, options: CompareOptions) -> tuple[Change, ...]:
    """The changes from the old document to the new one."""
    return Comparison(old, new, options).changes
