"""The JSON Schema (draft-07) of an AsyncAPI version, made from the table of its fields.

Alternatives are written as ``if``, ``then``, ``else`` and not as ``oneOf``: an error then stands where it belongs.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from retailctl.contracts.lint.events.notation import Choice, ListOf, Literal, MapOf, Type, Word, test_of
from retailctl.contracts.lint.events.specification import Field, Specification, specification

if TYPE_CHECKING:
    from jsonschema_rs import Validator

EXTENSION: Final = r"^x-[\w.-]+$"
Json = dict[str, Any]


@cache
def event_metaschema(version: str) -> Json:
    """The schema of a document of a version such as "2.6". Not to be changed."""
    return _Maker(specification(version)).make()


@cache
def event_validator(version: str) -> Validator:
    """The validator of whole documents; compiled once per process."""
    import jsonschema_rs

    return jsonschema_rs.Draft7Validator(
        event_metaschema(version), pattern_options=jsonschema_rs.RegexOptions(), validate_formats=True, offline=True
    )


@cache
def _fragments() -> dict[str, Json]:
    content: dict[str, Json] = json.loads(files(__package__).joinpath("fragments.json").read_text(encoding="utf-8"))
    return content


class _Maker:
    def __init__(self, spec: Specification) -> None:
        self._spec = spec

    def make(self) -> Json:
        definitions: Json = dict(_fragments()["definitions"])
        for name, fields in self._spec.objects.items():
            definitions[name] = self._object(name, fields)
        return {"$ref": "#/definitions/root", "definitions": definitions}

    def _object(self, name: str, fields: dict[str, Field]) -> Json:
        made: Json = {
            "type": ["object", "boolean"] if name == "schema" else "object",
            "properties": {field: self._type(content.type) for field, content in fields.items()},
        }
        required = sorted(field for field, content in fields.items() if content.required)
        if required:
            made["required"] = required
        if name not in self._spec.open_objects:
            made["patternProperties"] = {EXTENSION: {}}
            made["additionalProperties"] = False
        condition = _fragments()["conditions"].get(name)
        if condition is not None and not (name == "message" and self._spec.major == 3):
            made.update(condition)
        known = fields.get("bindingVersion")
        return _for_known_versions(made, self._type(known.type)) if known and name != "solaceDestination" else made

    def _type(self, type: Type) -> Json:
        """Recursive: the table nests a few levels."""
        if isinstance(type, Word):
            return self._word(type)
        if isinstance(type, Literal):
            return {"const": type.text}
        if isinstance(type, ListOf):
            made: Json = {"type": "array", "items": self._type(type.item)}
            return {**made, "uniqueItems": True} if type.unique else made
        if isinstance(type, MapOf):
            return self._map(type)
        return self._choice(type)

    def _word(self, word: Word) -> Json:
        if word.name in self._spec.aliases:
            return self._type(self._spec.aliases[word.name])
        if word.is_object or word.name.startswith("ref"):
            return {"$ref": f"#/definitions/{word.name.partition('@')[0]}"}
        return dict(_fragments()["primitives"][word.name])

    def _map(self, type: MapOf) -> Json:
        item = self._type(type.item)
        keys = _fragments()["keys"][type.keys] if type.keys else None
        made: Json = {"type": "object", "additionalProperties": item}
        return {**made, "propertyNames": keys} if keys else made

    def _choice(self, type: Choice) -> Json:
        options = [option for condition, option in type.options if not condition]
        made = self._unconditional(options)
        for condition, option in reversed(type.options):
            if condition:
                made = {"if": test_of(condition), "then": self._type(option), "else": made}
        return made

    def _unconditional(self, options: list[Type]) -> Json:
        """What is left when no condition holds: texts, one type, simple types, or objects told apart by ``type``."""
        if all(isinstance(option, Literal) for option in options):
            return {"enum": [option.text for option in options if isinstance(option, Literal)]}
        if len(options) == 1:
            return self._type(options[0])
        tags = {tag: option for option in options for tag in self._tags(option)}
        if not tags:
            return {"type": [self._type(option)["type"] for option in options]}
        return {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": list(tags)}},
            "allOf": [
                {"if": {"required": ["type"], "properties": {"type": {"const": tag}}}, "then": self._type(option)}
                for tag, option in tags.items()
            ],
        }

    def _tags(self, option: Type) -> list[str]:
        if not (isinstance(option, Word) and option.is_object):
            return []
        field = self._spec.objects[option.name].get("type")
        return [field.type.text] if field and isinstance(field.type, Literal) else []


def _for_known_versions(made: Json, versions: Json) -> Json:
    """A binding says which version of its own document it follows; of a version we do not know nothing is said."""
    return {
        "type": "object",
        "properties": {"bindingVersion": {"type": "string"}},
        "if": {"properties": {"bindingVersion": {"enum": ["latest", *versions.get("enum", [versions.get("const")])]}}},
        "then": {**made, "properties": {**made["properties"], "bindingVersion": {}}},
    }
