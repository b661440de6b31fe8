"""The keywords of JSON Schema 2020-12 as three-valued checks of a value. Formats are only ever true or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from retailctl.contracts.schemas.inclusion import evaluated
from retailctl.contracts.schemas.inclusion.branches import branches_for
from retailctl.contracts.schemas.inclusion.formats import has_format, is_formed
from retailctl.contracts.schemas.inclusion.judge import Answer, Cuts, Judge, every, some
from retailctl.contracts.schemas.inclusion.regex import matches
from retailctl.contracts.schemas.inclusion.values import (
    canonical,
    count,
    domain,
    domains_of,
    listed,
    names,
    number,
    table,
)

Check = Callable[[Judge, int, Mapping[str, object], object, Cuts], Answer]


def _type(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    kind = domain(value)
    return None if kind is None else kind in domains_of(schema["type"])


def _enum(judge: Judge, node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    return judge.among(node, "enum", value, listed(schema["enum"]))


def _const(judge: Judge, node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    return judge.among(node, "const", value, (schema["const"],))


def _bound(keyword: str) -> Check:
    def check(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
        exact = number(value)
        if exact is None:
            return True
        limit = number(schema[keyword])
        if limit is None:
            return None
        if keyword == "minimum":
            return exact >= limit
        if keyword == "maximum":
            return exact <= limit
        if keyword == "exclusiveMinimum":
            return exact > limit
        if keyword == "exclusiveMaximum":
            return exact < limit
        return None if limit <= 0 else (exact / limit).denominator == 1

    return check


_SIZED: Final[Mapping[str, tuple[type, ...]]] = {
    "Length": (str,),
    "Items": (list, tuple),
    "Properties": (dict,),
}


def _size(keyword: str) -> Check:
    kinds = _SIZED[keyword[3:]]

    def check(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
        if not isinstance(value, kinds):
            return True
        limit = count(schema[keyword])
        if limit is None:
            return None
        return len(value) >= limit if keyword.startswith("min") else len(value) <= limit  # type: ignore[arg-type]

    return check


def _pattern(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    pattern = schema["pattern"]
    if not isinstance(value, str):
        return True
    return matches(pattern, value) if isinstance(pattern, str) else None


def _format(judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    name = schema["format"]
    if not isinstance(name, str):
        return True
    if judge.graph.asserting and isinstance(value, str):
        return is_formed(value, "format", name)
    return has_format(value, name)


def _content(keyword: str) -> Check:
    def check(judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
        if not isinstance(value, str):
            return True
        return is_formed(value, keyword, str(schema[keyword])) if judge.graph.asserting else None

    return check


def _any_of(judge: Judge, node: int, _schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    return some(judge.one(branch, value, cuts) for branch in branches_for(judge, node, "anyOf", value, cuts))


def _one_of(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    answers = [judge.one(branch, value, cuts) for branch in branches_for(judge, node, "oneOf", value, cuts)]
    if answers.count(True) > 1:  # a discriminator picks one branch before they are tried
        return None if "discriminator" in schema else False
    return None if None in answers else True in answers


def _not(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    answer = judge.nested(node, schema["not"], value, cuts)
    return None if answer is None else not answer


def _if(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    then = judge.nested(node, schema.get("then", True), value, cuts)
    other = judge.nested(node, schema.get("else", True), value, cuts)
    if then is other:
        return then
    condition = judge.nested(node, schema["if"], value, cuts)
    return None if condition is None else then if condition else other


def _prefix(judge: Judge, node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    if not isinstance(value, (list, tuple)):
        return True
    return every(judge.nested(node, own, item) for own, item in zip(listed(schema["prefixItems"]), value, strict=False))


def _items(judge: Judge, node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    if not isinstance(value, (list, tuple)):
        return True
    first = len(listed(schema.get("prefixItems")))
    return every(judge.nested(node, schema["items"], item) for item in value[first:])


def _contains(judge: Judge, node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    if not isinstance(value, (list, tuple)):
        return True
    answers = [judge.nested(node, schema["contains"], item) for item in value]
    sure, possible = answers.count(True), len(answers) - answers.count(False)
    low, high = count(schema.get("minContains", 1)), schema.get("maxContains")
    most = count(high) if high is not None else len(value)
    if low is None or most is None:
        return None
    if possible < low or sure > most:
        return False
    return True if sure >= low and possible <= most else None


def _unique(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    if schema["uniqueItems"] is not True or not isinstance(value, (list, tuple)) or len(value) < 2:
        return True
    forms = [canonical(item) for item in value]
    return None if None in forms else len(set(forms)) == len(forms)


def _properties(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    own = table(schema["properties"])
    return every(judge.nested(node, own[name], value[name]) for name in value if name in own and name not in cuts)


def _pattern_properties(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    answers: list[Answer] = []
    for pattern, own in table(schema["patternProperties"]).items():
        for name in value:
            hit = matches(str(pattern), name) if name not in cuts else False
            if hit is not False:
                answer = judge.nested(node, own, value[name])
                answers.append(answer if hit or answer is True else None)
    return every(answers)


def _additional(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    known, unknown = evaluated.by_name(schema, value)
    rest = [name for name in value if name not in known and name not in cuts]
    answers = ((name, judge.nested(node, schema["additionalProperties"], value[name])) for name in rest)
    return every(None if answer is False and name in unknown else answer for name, answer in answers)


def _required(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    return not isinstance(value, dict) or all(name in value or name in cuts for name in names(schema["required"]))


def _names(judge: Judge, node: int, schema: Mapping[str, object], value: object, _cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    return every(judge.nested(node, schema["propertyNames"], name) for name in value)


def _needs(_judge: Judge, _node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    needed = {name for key, also in table(schema["dependentRequired"]).items() if key in value for name in names(also)}
    return all(name in value or name in cuts for name in needed)


def _dependent(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    own = table(schema["dependentSchemas"])
    return every(judge.nested(node, own[key], value, cuts) for key in own if key in value)


def _unevaluated(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, dict):
        return True
    known = evaluated.names(judge, node, value, cuts)
    if known is None:
        return None
    own = schema["unevaluatedProperties"]
    return every(judge.nested(node, own, value[name]) for name in value if name not in known and name not in cuts)


def _unevaluated_items(judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts) -> Answer:
    if not isinstance(value, list):
        return True
    known = evaluated.indices(judge, node, value, cuts)
    if known is None:
        return None
    own = schema["unevaluatedItems"]
    return every(judge.nested(node, own, item) for index, item in enumerate(value) if index not in known)


def _unknown(_judge: Judge, _node: int, _schema: Mapping[str, object], _value: object, _cuts: Cuts) -> Answer:
    return None


_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")

KEYWORDS: Final[Mapping[str, Check]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    **{key: _bound(key) for key in _BOUNDS},
    **{f"{side}{what}": _size(f"{side}{what}") for what in _SIZED for side in ("min", "max")},
    "pattern": _pattern,
    "format": _format,
    **{key: _content(key) for key in ("contentEncoding", "contentMediaType")},
    "$dynamicRef": _unknown,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "prefixItems": _prefix,
    "items": _items,
    "contains": _contains,
    "uniqueItems": _unique,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "required": _required,
    "propertyNames": _names,
    "dependentRequired": _needs,
    "dependentSchemas": _dependent,
    "unevaluatedProperties": _unevaluated,
    "unevaluatedItems": _unevaluated_items,
}
"""The keywords of one conjunct; ``$ref`` and ``allOf`` are followed when the conjuncts are laid out."""
