"""A second opinion: the whole store as one document, with no slicing, no sharing of code with what is tested."""

from __future__ import annotations

from collections.abc import Mapping

import jsonschema_rs

ASSERTED = {
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "uri",
    "uri-reference",
    "uuid",
}
MAPS = {"properties", "patternProperties", "dependentSchemas", "$defs"}
PLAIN = {"enum", "const", "required", "dependentRequired", "type", "default", "example", "examples", "discriminator"}


class Store(dict[str, object]):
    def resolve(self, key: str) -> bool | Mapping[str, object]:
        found = self[key]
        assert isinstance(found, bool | Mapping)
        return found


def verdict(schema: object, store: Mapping[str, object], instance: object, polarity: str) -> bool:
    keys = {key: f"k{number}" for number, key in enumerate(store)}
    mark = "readOnly" if polarity == "in" else "writeOnly"

    def marked(part: object) -> bool:
        if not isinstance(part, Mapping):
            return False
        return part.get(mark) is True or ("$ref" in part and marked(store[part["$ref"]]))

    def names(part: object) -> set[str]:
        if not isinstance(part, Mapping):
            return set()
        found = {name for name, inner in part.get("properties", {}).items() if marked(inner)}
        found |= {name for inner in part.get("allOf", ()) for name in names(inner)}
        return found | (names(store[part["$ref"]]) if "$ref" in part and store[part["$ref"]] is not part else set())

    def copy(part: object, cut: bool = True) -> object:
        if not isinstance(part, Mapping):
            return part
        gone = names(part) if cut else set()
        out: dict[str, object] = {}
        for key, value in part.items():
            if key == "$ref":
                out[key] = f"#/$defs/{keys[value]}"
            elif key == "required":
                out[key] = [name for name in value if name not in gone]
            elif key in PLAIN:
                out[key] = value
            elif key in MAPS:
                out[key] = {
                    name: copy(inner, cut) for name, inner in value.items() if name not in gone or key != "properties"
                }
            elif key == "format":
                if value in ASSERTED:
                    out[key] = value
            elif isinstance(value, Mapping):
                out[key] = copy(value, cut)
            elif isinstance(value, list | tuple):
                out[key] = [copy(inner, cut) for inner in value]
            elif key != "nullable":
                out[key] = value
        if part.get("nullable") is True and "type" not in part:
            return {"anyOf": [{"type": ["null"]}, out]}
        return out

    cyclic = any(key.startswith("cyclic") for key in store)
    defs = {keys[key]: copy(value, not cyclic) for key, value in store.items()}
    document = {"allOf": [copy(schema, not cyclic)], "$defs": defs}
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True).is_valid(instance)
