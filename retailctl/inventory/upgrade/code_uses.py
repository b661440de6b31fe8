"""Fields of Odoo that the source of own modules uses, as far as the source itself tells the model.

In a class of a model that is what hangs on ``self``, on a record of a loop over ``self``, and what decorators and
``related`` name; anywhere it is what is asked of ``self.env["model"]``; in views, the fields of the view's model.
What may be a field of any other model is left out: a wrong hit would cost more than a missing one.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from retailctl.inventory.addons.imports import dotted_name

_DECLARING: Final = frozenset({"depends", "onchange", "constrains"})
_BY_NAME: Final = frozenset({"mapped", "filtered", "sorted", "read", "export_data", "with_prefetch"})
_BY_ENV: Final = frozenset(
    {"search", "search_read", "search_count", "read_group", "create", "write", "read", "export_data", "filtered_domain"}
)


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A model, or a field of it by its path, at a line."""

    line: int
    model: str
    path: tuple[str, ...] = ()


def python_uses(tree: ast.Module) -> Iterator[CodeUse]:
    """Every use in a file that the file itself tells the model of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            models = _models(node)
            for model in models:
                yield CodeUse(node.lineno, model)
            if models:
                yield from _in_class(node, models)
        elif isinstance(node, ast.Call):
            yield from _of_environment(node)


def _models(node: ast.ClassDef) -> tuple[str, ...]:
    """The model of a class, then those that it inherits from."""
    named: dict[str, list[str]] = {"_name": [], "_inherit": []}
    for statement in node.body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id in named:
                named[target.id] += _strings([statement.value])  # type: ignore[attr-defined]
    return tuple(dict.fromkeys([*named["_name"], *named["_inherit"]]))


def _in_class(node: ast.ClassDef, models: tuple[str, ...]) -> Iterator[CodeUse]:
    records = {"self", *_records(node)}
    for inner in ast.walk(node):
        for path in _paths(inner, records):
            for number, model in enumerate(models):
                # What is behind a relation is the same for all of them, and told once.
                yield CodeUse(getattr(inner, "lineno", node.lineno), model, path[:1] if number else path)


def _paths(node: ast.AST, records: Collection[str]) -> list[tuple[str, ...]]:
    if isinstance(node, ast.Attribute):
        first, *rest = dotted_name(node).split(".")
        return [tuple(rest)] if first in records else []
    if isinstance(node, ast.keyword):
        return [tuple(text.split(".")) for text in _strings([node.value])] if node.arg == "related" else []
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    method, on_self = node.func.attr, dotted_name(node.func.value) in records
    if method in _DECLARING or (on_self and method in _BY_NAME):
        return [tuple(text.split(".")) for text in _strings(node.args)]
    return [(key,) for key in _keys(node.args)] if on_self and method in ("write", "update") else []


def _records(node: ast.ClassDef) -> Iterator[str]:
    """Names of records in loops over ``self``, or over what ``self.filtered(...)`` and its like give."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.For | ast.comprehension) and isinstance(inner.target, ast.Name):
            source = inner.iter
            if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr != "mapped":
                source = source.func.value
            if isinstance(source, ast.Name) and source.id == "self":
                yield inner.target.id


def _of_environment(node: ast.Call) -> Iterator[CodeUse]:
    """``self.env["sale.order"].sudo().search([("note", "=", x)])``."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _BY_ENV:
        return
    source = node.func.value
    while isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
        source = source.func.value
    if not (isinstance(source, ast.Subscript) and dotted_name(source.value).endswith("env")):
        return
    if isinstance(source.slice, ast.Constant) and isinstance(source.slice.value, str):
        model = source.slice.value
        yield CodeUse(node.lineno, model)
        for name in (*_keys(node.args), *_leaves(node)):
            yield CodeUse(node.lineno, model, tuple(name.split(".")))


def _strings(nodes: Collection[ast.expr]) -> Iterator[str]:
    for node in nodes:
        items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
        yield from (item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str))


def _keys(nodes: Collection[ast.expr]) -> Iterator[str]:
    for node in nodes:
        for one in node.elts if isinstance(node, ast.List | ast.Tuple) else [node]:
            if isinstance(one, ast.Dict):
                yield from _strings([key for key in one.keys if key is not None])


def _leaves(node: ast.Call) -> Iterator[str]:
    """Names in a domain, and the fields asked for."""
    listed = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in ("domain", "fields", "order"))]
    for argument in listed:
        for item in argument.elts if isinstance(argument, ast.List | ast.Tuple) else ():
            if isinstance(item, ast.Tuple | ast.List) and len(item.elts) == 3:
                yield from _strings(item.elts[:1])
            elif isinstance(item, ast.Constant) and isinstance(item.value, str) and item.value not in ("&", "|", "!"):
                yield item.value


def view_uses(data: bytes) -> list[CodeUse]:
    """Fields of the models of the views in a data file; nothing for a file that cannot be parsed."""
    parser = expat.ParserCreate()
    reading = _Views(parser)
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = reading.text, reading.refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        return []
    finally:
        parser.StartElementHandler = parser.EndElementHandler = None
        parser.CharacterDataHandler = parser.EntityDeclHandler = None
    return reading.found


class _Views:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found: list[CodeUse] = []
        self._parser = parser
        self._path: list[str] = []
        self._model = ""
        self._fields: list[CodeUse] = []

    def refuse(self, *_: Any) -> None:
        raise ValueError("entities are not read")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        mark = name
        if name == "record":
            mark = "view" if attributes.get("model") == "ir.ui.view" else "record"
            self._model, self._fields = "", []
        elif name == "field" and "view" in self._path:
            mark = f"field {attributes.get('name', '')}"
            inside = sum(step.startswith("field ") for step in self._path)
            if inside == 1 and "field arch" in self._path:  # fields in fields are those of another model
                path = tuple(attributes.get("name", "").split("."))
                self._fields.append(CodeUse(self._parser.CurrentLineNumber, "", path))
        self._path.append(mark)

    def text(self, text: str) -> None:
        if self._path and self._path[-1] == "field model" and "field arch" not in self._path:
            self._model += text.strip()

    def end(self, _: str) -> None:
        mark = self._path.pop()
        if mark == "view" and self._model:
            self.found += [CodeUse(use.line, self._model, use.path) for use in self._fields]
