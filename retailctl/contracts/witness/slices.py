"""The part of a schema that matters for one instance, as a self-contained document for the validator.

Schema and instance are walked together. A keyword that says nothing about any of the values at hand is dropped, so is
the schema of a property that is absent; a reference becomes one entry of ``$defs`` per key and group of values. The
verdict is that of the whole schema, but a document of thousands of components that all reach each other costs no
more than the few that the instance touches.

Two things are settled on the way because a validator knows nothing of them: properties that do not flow in this
direction are cut, and the internal ``nullable`` lets null pass.
"""

from __future__ import annotations

from collections.abc import Mapping

from retailctl.contracts.schemas.store import Schema
from retailctl.contracts.witness import patterns
from retailctl.contracts.witness.sides import Side, Unusable, listing, mapping, nullable

# Asserted on both sides (RFC 3339, 5321, 1123, 791, 4291, 3986, 6901, 4122). Any other format is an annotation.
ASSERTED = frozenset({
    "date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "json-pointer", "uri",
    "uri-reference", "uuid",
})  # fmt: skip
# OpenAPI's integer formats are ranges; no validator asserts them.
RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}

_MOST_ENTRIES = 4000
_MOST_EXPANSIONS = 50_000
_ANY = ("type", "enum", "const")
_STRING = ("minLength", "maxLength")
_NUMBER = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_ARRAY = ("minItems", "maxItems", "uniqueItems")
_OBJECT = ("minProperties", "maxProperties")

_Values = tuple[object, ...]
_Names = frozenset[str]
_Out = dict[str, object]


def slice_of(side: Side, schema: Schema, instance: object) -> Schema:
    """Return a schema without outside references that gives *instance* the verdict *schema* gives.

    Raises Unusable when a part that matters cannot be read.
    """
    return _Slicer(side).run(schema, instance)


class _Slicer:
    def __init__(self, side: Side) -> None:
        self._side = side
        self._names: dict[tuple[str, tuple[int, ...], _Names], str] = {}
        self._pending: list[tuple[str, str, _Values, _Names]] = []
        self._kept: list[_Values] = []  # ids of values are keys: they must stay alive
        self._uses: dict[str, list[str]] = {}
        self._users: list[str] = []  # where references are being read

    def run(self, schema: Schema, instance: object) -> Schema:
        self._users = self._uses.setdefault("", [])
        out = self._part(schema, (instance,), frozenset())
        defs: _Out = {}
        while self._pending:  # a queue, not recursion: chains of references are as long as their author likes
            name, key, values, hidden = self._pending.pop()
            self._users = self._uses.setdefault(name, [])
            defs[name] = self._part(self._side.resolve(key), values, hidden)
        if _expansions(self._uses) > _MOST_EXPANSIONS:
            raise Unusable("the references of the schema multiply beyond what a validator can follow")
        if isinstance(out, dict) and defs:
            out["$defs"] = defs
        return out

    def _reference(self, key: object, values: _Values, hidden: _Names) -> str:
        key = self._side.final(key)
        if not isinstance(key, str):
            raise Unusable("a reference is not a text")
        at = (key, tuple(map(id, values)), hidden)
        name = self._names.get(at)
        if name is None:
            name = self._names[at] = str(len(self._names))
            if len(self._names) > _MOST_ENTRIES:
                raise Unusable("too many references meet in one value")
            self._kept.append(values)
            self._pending.append((name, key, values, hidden))
        self._users.append(name)
        return f"#/$defs/{name}"

    def _part(self, schema: object, values: _Values, hidden: _Names) -> bool | _Out:
        self._side.spend()
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, (dict, Mapping)):
            raise Unusable("a part of the schema is no schema")
        if nullable(schema) and any(value is None for value in values):
            values = tuple(value for value in values if value is not None)
            rest = self._part(self._side.non_null(schema), values, hidden) if values else True
            return {"anyOf": [{"type": ["null"]}, rest]} if values else True
        out: _Out = {key: schema[key] for key in _ANY if key in schema}
        hidden |= self._side.hidden(schema)
        self._in_place(schema, values, hidden, out)
        kinds = {type(value) for value in values}
        if str in kinds:
            _strings(schema, values, out)
        if int in kinds or float in kinds:
            _numbers(schema, out)
        if list in kinds:
            self._arrays(schema, [value for value in values if isinstance(value, list)], out)
        if dict in kinds:
            self._objects(schema, [value for value in values if isinstance(value, dict)], hidden, out)
        return _unwrapped(out)

    def _in_place(self, schema: Mapping[str, object], values: _Values, hidden: _Names, out: _Out) -> None:
        if "$ref" in schema:
            out["$ref"] = self._reference(schema["$ref"], values, hidden)
        for key in ("allOf", "anyOf", "oneOf"):
            if key in schema:
                branches = [self._part(part, values, hidden) for part in listing(schema[key])]
                out[key] = branches if key == "oneOf" else self._distinct(branches)
        for key in ("not", "if", "then", "else"):
            if key in schema:
                out[key] = self._part(schema[key], values, hidden)

    def _distinct(self, branches: list[bool | _Out]) -> list[bool | _Out]:
        """Drop repeated references: a level that names the next one twice would double the work at each level."""
        seen: set[str] = set()
        kept: list[bool | _Out] = []
        for branch in branches:
            if isinstance(branch, dict) and len(branch) == 1 and "$ref" in branch:
                target = str(branch["$ref"])
                if target in seen:
                    self._users.remove(target.removeprefix("#/$defs/"))
                    continue
                seen.add(target)
            kept.append(branch)
        return kept

    def _arrays(self, schema: Mapping[str, object], values: list[list[object]], out: _Out) -> None:
        _copy(schema, _ARRAY, out)
        places = listing(schema.get("prefixItems"))
        longest = max(map(len, values))
        if places and longest:
            out["prefixItems"] = [
                self._part(part, tuple(value[at] for value in values if len(value) > at), frozenset())
                for at, part in enumerate(places[:longest])
            ]
        rest = tuple(item for value in values for item in value[len(places) :])
        if rest and "items" in schema:
            out["items"] = self._part(schema["items"], rest, frozenset())
        if "contains" in schema:
            everything = tuple(item for value in values for item in value)
            out["contains"] = self._part(schema["contains"], everything, frozenset())
            _copy(schema, ("minContains", "maxContains"), out)
        if longest and "unevaluatedItems" in schema:
            everything = tuple(item for value in values for item in value)
            out["unevaluatedItems"] = self._part(schema["unevaluatedItems"], everything, frozenset())

    def _objects(
        self, schema: Mapping[str, object], values: list[dict[str, object]], hidden: _Names, out: _Out
    ) -> None:
        _copy(schema, _OBJECT, out)
        if "required" in schema:
            out["required"] = [name for name in listing(schema["required"]) if name not in hidden]
        if "dependentRequired" in schema:
            out["dependentRequired"] = {
                name: [other for other in listing(others) if other not in hidden]
                for name, others in mapping(schema["dependentRequired"]).items()
            }
        present: dict[str, list[object]] = {}
        for value in values:
            for name, part in value.items():
                present.setdefault(name, []).append(part)
        for name, part in mapping(schema.get("dependentSchemas")).items():
            if name in present:
                owners = tuple(value for value in values if name in value)
                depend = out.setdefault("dependentSchemas", {})
                if isinstance(depend, dict):
                    depend[name] = self._part(part, owners, hidden)
        if present:
            self._members(schema, present, hidden, out)

    def _members(
        self, schema: Mapping[str, object], present: dict[str, list[object]], hidden: _Names, out: _Out
    ) -> None:
        declared = mapping(schema.get("properties"))
        met: _Out = {}
        for name, parts in present.items():
            if name in declared and name not in hidden:
                met[name] = self._part(declared[name], tuple(parts), frozenset())
        if met:
            out["properties"] = met
        everything = tuple(part for parts in present.values() for part in parts)
        if "patternProperties" in schema:
            out["patternProperties"] = {
                pattern: self._part(part, everything, frozenset())
                for pattern, part in mapping(schema["patternProperties"]).items()
            }
        extra = tuple(part for name, parts in present.items() if name not in met for part in parts)
        if extra and "additionalProperties" in schema:
            out["additionalProperties"] = self._part(schema["additionalProperties"], extra, frozenset())
        if "unevaluatedProperties" in schema:
            out["unevaluatedProperties"] = self._part(schema["unevaluatedProperties"], everything, frozenset())
        if "propertyNames" in schema:
            out["propertyNames"] = self._part(schema["propertyNames"], tuple(present), frozenset())


def _expansions(uses: Mapping[str, list[str]]) -> int:
    """Count how often a validator enters an entry: it remembers no verdicts, so uses multiply along the way."""
    known: dict[str, int] = {}
    open_: set[str] = set()
    pending = [""]
    while pending:
        name = pending[-1]
        missing = [] if name in open_ else [other for other in uses[name] if other not in known and other not in open_]
        open_.add(name)
        if missing:
            pending.extend(missing)
            continue
        pending.pop()
        if name not in known:
            known[name] = 1 + sum(known.get(other, 1) for other in uses[name])
    return known[""]


def _strings(schema: Mapping[str, object], values: _Values, out: _Out) -> None:
    _copy(schema, _STRING, out)
    if "pattern" in schema:
        pattern = schema["pattern"]
        if not isinstance(pattern, str) or not patterns.decides(pattern, [v for v in values if isinstance(v, str)]):
            raise Unusable("the validator cannot use a pattern of the schema")
        out["pattern"] = pattern
    if schema.get("format") in ASSERTED:
        out["format"] = schema["format"]


def _numbers(schema: Mapping[str, object], out: _Out) -> None:
    _copy(schema, _NUMBER, out)
    form = schema.get("format")
    if isinstance(form, str) and form in RANGES:
        low, high = RANGES[form]
        # Beside the schema's own bounds, not instead of them. Strings and objects are not asked.
        bounds: list[object] = [{"minimum": low, "maximum": high}]
        out["allOf"] = bounds + list(listing(out.get("allOf")))


def _copy(schema: Mapping[str, object], keys: tuple[str, ...], out: _Out) -> None:
    for key in keys:
        if key in schema:
            out[key] = schema[key]


def _unwrapped(out: _Out) -> bool | _Out:
    """Return the one branch of a combinator that stands alone."""
    if len(out) == 1:
        for key in ("allOf", "anyOf", "oneOf"):
            branches = out.get(key)
            if isinstance(branches, list) and len(branches) == 1 and isinstance(branches[0], bool | dict):
                return branches[0]
    return out
