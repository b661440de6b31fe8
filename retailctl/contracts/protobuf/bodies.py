"""The declarations inside of messages, enums, oneofs and extends."""

from __future__ import annotations

from typing import Final

from retailctl.contracts.protobuf.model import (
    MAX_INT32,
    MAX_NUMBER,
    Enum,
    EnumValue,
    Field,
    Label,
    Message,
    Oneof,
    Range,
    ReservedName,
)
from retailctl.contracts.protobuf.problems import ProtoSyntaxError
from retailctl.contracts.protobuf.tokens import Tokens
from retailctl.contracts.protobuf.values import compact_options, option

MAX_DEPTH: Final = 32  # protoc has the same limit for messages in messages
_LABELS: Final[dict[str, Label]] = {"optional": "optional", "required": "required", "repeated": "repeated"}
_NO_TYPE: Final = frozenset({"message", "enum", "extend", "extensions", "reserved", "option", "oneof"})


class Bodies:
    """Reads bodies; every element knows its pointer and, for what is nested, the full name of the outer message."""

    def __init__(self, path: str, text: str) -> None:
        self.tokens = Tokens(text)
        self._path = path

    @staticmethod
    def joined(scope: str, name: str) -> str:
        """The full name of something in a scope."""
        return f"{scope}.{name}" if scope else name

    def message(self, scope: str, mark: int, outer: str, depth: int) -> Message:
        """Pass a message behind its keyword. ``outer`` is the pointer of the message around it."""
        tokens = self.tokens
        name_mark = tokens.mark
        name = tokens.ident("the name of the message")
        found = self._new(name, scope, mark, name_mark, outer)
        found.nested_in = scope if outer else ""
        self.message_body(found, depth + 1)
        return found

    def _new(self, name: str, scope: str, mark: int, name_mark: int, outer: str) -> Message:
        pointer = f"{outer}/messages/{name}"
        return Message(name, self.joined(scope, name), mark, name_mark, file=self._path, pointer=pointer)

    def message_body(self, found: Message, depth: int) -> None:
        """Pass ``{ … }``."""
        tokens = self.tokens
        if depth > MAX_DEPTH:
            told = f"messages are nested deeper than {MAX_DEPTH} levels: declare them side by side"
            raise ProtoSyntaxError(told, tokens.mark, "proto-depth")
        tokens.need("{")
        while not tokens.taken("}"):
            if tokens.taken(";"):
                continue
            if tokens.kind != "ident" and not tokens.at("."):
                raise tokens.expected("a field or '}'")
            if tokens.text in _NO_TYPE:
                self._member(found, depth)
            elif tokens.text in ("export", "local"):
                self._symbol(found, depth)
            else:
                self._field_into(found, depth, "")

    def _symbol(self, found: Message, depth: int) -> None:
        """``export`` and ``local`` of edition 2024 stand before a message or enum; else they name a type."""
        word, mark = self.tokens.text, self.tokens.mark
        self.tokens.advance()
        if self.tokens.text in ("message", "enum"):
            self._member(found, depth)
        else:
            self._typed_field(found, depth, "", mark, "", word)

    def _member(self, found: Message, depth: int) -> None:
        tokens = self.tokens
        mark, word = tokens.mark, tokens.text
        tokens.advance()
        match word:
            case "message":
                found.messages.append(self.message(found.full_name, mark, found.pointer, depth))
            case "enum":
                found.enums.append(self.enum(found.full_name, mark, found.pointer))
            case "extend":
                self.extend(found.full_name, found.extends, found.messages, found.pointer, depth)
            case "extensions":
                found.extensions += self._ranges(MAX_NUMBER, None)
                compact_options(tokens)
                tokens.need(";")
            case "reserved":
                found.reserved += self._ranges(MAX_NUMBER, found.reserved_names)
                tokens.need(";")
            case "option":
                found.options += option(tokens, mark)
                tokens.need(";")
            case _:
                self._oneof(found, mark, depth)

    def _oneof(self, found: Message, mark: int, depth: int) -> None:
        tokens = self.tokens
        name_mark = tokens.mark
        name = tokens.ident("the name of the oneof")
        oneof = Oneof(name, f"{found.full_name}.{name}", mark, name_mark, pointer=f"{found.pointer}/oneofs/{name}")
        found.oneofs.append(oneof)
        tokens.need("{")
        while not tokens.taken("}"):
            mark = tokens.mark
            if tokens.taken(";"):
                continue
            if tokens.taken("option"):
                oneof.options += option(tokens, mark)
                tokens.need(";")
                continue
            if tokens.text in _LABELS:
                raise tokens.expected("a field without a label, as in every oneof,")
            oneof.fields.append(self._field_into(found, depth, name))

    def _field_into(self, found: Message, depth: int, oneof: str) -> Field:
        tokens = self.tokens
        mark = tokens.mark
        label: Label = ""
        if tokens.text in _LABELS:
            label = _LABELS[tokens.text]
            tokens.advance()
        return self._typed_field(found, depth, oneof, mark, label, "")

    def _typed_field(self, found: Message, depth: int, oneof: str, mark: int, label: Label, read: str) -> Field:
        tokens = self.tokens
        type_mark = tokens.mark
        one = Field("", "", mark, 0, label=label, type_mark=mark if read else type_mark, oneof=oneof)
        one.scope, one.file, one.nested_in = found.full_name, self._path, found.full_name
        one.type_name = read or tokens.full_name("the type of the field")
        if one.type_name == "map" and tokens.taken("<"):
            self._map_types(one, found)
        else:
            self._named(one, found.messages, found.full_name, found.pointer, depth)
        self._finish(one, f"{found.pointer}/fields")
        if one.is_map:
            entry = found.messages[-1]
            entry.name = entry_name(one.name)
            entry.full_name = self.joined(found.full_name, entry.name)
            entry.pointer = one.pointer
            one.type = entry.full_name
            for part in entry.fields:
                part.full_name, part.pointer = f"{entry.full_name}.{part.name}", f"{one.pointer}/{part.name}"
                part.nested_in = entry.full_name
            self._end(one)
        found.fields.append(one)
        return one

    def _map_types(self, one: Field, found: Message) -> None:
        """``map<K, V>`` is a repeated message with the fields ``key`` and ``value``; the entry is made here."""
        tokens = self.tokens
        entry = Message("", "", one.mark, one.mark, is_map_entry=True, file=self._path, nested_in=found.full_name)
        for name, number in (("key", 1), ("value", 2)):
            part = Field(name, "", one.mark, one.mark, number=number, label="optional", file=self._path)
            part.type_name, part.scope = tokens.full_name("a type"), found.full_name
            part.type_mark = part.number_mark = one.type_mark
            entry.fields.append(part)
            tokens.need("," if name == "key" else ">")
        found.messages.append(entry)
        one.is_map, one.label = True, "repeated"
        self._name(one)

    def _name(self, one: Field) -> None:
        tokens = self.tokens
        one.name_mark = tokens.mark
        one.name = tokens.ident("the name of the field")
        one.full_name = self.joined(one.scope, one.name)
        tokens.need("=")
        one.number_mark = tokens.mark
        one.number = tokens.integer("the number of the field", signed=True)
        one.options = compact_options(tokens)

    def _named(self, one: Field, messages: list[Message], scope: str, outer: str, depth: int) -> None:
        """The rest of a field behind its type; the body of a group becomes a message beside it."""
        tokens = self.tokens
        if one.type_name != "group" or tokens.kind != "ident":
            self._name(one)
            self._end(one)
            return
        one.is_group = True
        group_mark = tokens.mark
        name = tokens.text
        self._name(one)
        body = self._new(name, scope, one.mark, group_mark, outer)
        body.is_group, body.nested_in = True, scope if outer else ""
        one.name, one.type_name, one.type_mark = name.lower(), name, group_mark
        one.full_name = self.joined(scope, one.name)
        self.message_body(body, depth + 1)
        messages.append(body)

    def _end(self, one: Field) -> None:
        if not self.tokens.taken(";"):
            raise self.tokens.expected(f"';' behind field {one.name}")

    @staticmethod
    def _finish(one: Field, holder: str) -> None:
        one.pointer = f"{holder}/{one.name}"

    def extend(self, scope: str, fields: list[Field], messages: list[Message], outer: str, depth: int) -> None:
        """Pass an extend behind its keyword."""
        tokens = self.tokens
        extendee_mark = tokens.mark
        extendee = tokens.full_name("the message to extend")
        tokens.need("{")
        while not tokens.taken("}"):
            if tokens.taken(";"):
                continue
            if tokens.kind != "ident" and not tokens.at("."):
                raise tokens.expected("a field or '}'")
            one = Field("", "", tokens.mark, 0, extendee=extendee, extendee_mark=extendee_mark, scope=scope)
            one.file, one.nested_in = self._path, scope if outer else ""
            if tokens.text in _LABELS:
                one.label = _LABELS[tokens.text]
                tokens.advance()
            one.type_mark = tokens.mark
            one.type_name = tokens.full_name("the type of the field")
            self._named(one, messages, scope, outer, depth)
            self._finish(one, f"{outer}/extensions")
            fields.append(one)

    def _ranges(self, most: int, names: list[ReservedName] | None) -> list[Range]:
        """Pass numbers, ranges and, where they are allowed, names."""
        tokens, found = self.tokens, list[Range]()
        while True:
            mark = tokens.mark
            if names is not None and tokens.kind == "string":
                names.append(ReservedName(tokens.string(), mark))
            elif names is not None and tokens.kind == "ident":
                names.append(ReservedName(tokens.ident(), mark))
            else:
                start = tokens.integer("a number", signed=True)
                end = start
                if tokens.taken("to"):
                    end = most if tokens.taken("max") else tokens.integer("a number or max", signed=True)
                found.append(Range(start, end, mark))
            if not tokens.taken(","):
                return found

    def enum(self, scope: str, mark: int, outer: str) -> Enum:
        """Pass an enum behind its keyword."""
        tokens = self.tokens
        name_mark = tokens.mark
        name = tokens.ident("the name of the enum")
        pointer = f"{outer}/enums/{name}"
        found = Enum(name, self.joined(scope, name), mark, name_mark, file=self._path, pointer=pointer)
        found.nested_in = scope if outer else ""
        tokens.need("{")
        while not tokens.taken("}"):
            mark = tokens.mark
            if tokens.taken(";"):
                continue
            word = tokens.ident("a value or '}'")
            if word == "option" and not tokens.at("="):
                found.options += option(tokens, mark)
            elif word == "reserved" and not tokens.at("="):
                found.reserved += self._ranges(MAX_INT32, found.reserved_names)
            else:
                tokens.need("=")
                one = EnumValue(word, self.joined(scope, word), mark, mark, pointer=f"{pointer}/values/{word}")
                one.number_mark = tokens.mark
                one.number = tokens.integer("the number of the value", signed=True)
                one.options = compact_options(tokens)
                found.values.append(one)
            tokens.need(";")
        return found


def entry_name(field: str) -> str:
    """The name of the message that stands for an entry of a map field, as protoc makes it."""
    return "".join(part[:1].upper() + part[1:] for part in field.split("_")) + "Entry"
