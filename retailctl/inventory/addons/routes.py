"""Routes of controllers: functions under a route decorator, with path, sign-in, kind and protection."""

from __future__ import annotations

import ast
import re
from typing import Final

from retailctl.inventory.addons.constants import Constants
from retailctl.inventory.addons.facts import Route, RoutePath
from retailctl.inventory.addons.imports import Imports, dotted_name

Function = ast.FunctionDef | ast.AsyncFunctionDef

_NAMES: Final = frozenset({"route", "http.route", "odoo.http.route", "openerp.http.route"})
_HOMES: Final = frozenset({"odoo", "openerp", ""})  # the last one is a relative import: of a module beside it
_WRAPPED: Final = re.compile(r"(?:^|\.)(?:\w+_)?route$")
_WEBHOOK: Final = ("webhook", "callback", "notification", "/hook", "ipn", "return")
_CONVERTER: Final = re.compile(r"<(?:[^<>:]*:)?\s*([^<>:]+?)\s*>")


def route_of(function: Function, path: str, imports: Imports, constants: Constants) -> Route | None:
    """The route that a function is, or None; the first decorator that makes it one decides."""
    wrapped, wrapper = "", None
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = dotted_name(call.func if call is not None else decorator)
        if not name:
            continue
        if is_route(name, imports):
            return _route(function, call, path, constants)
        if not wrapped and _WRAPPED.search(name) and not imports_elsewhere(name, imports):
            wrapped, wrapper = name, call
    if not wrapped:
        return None
    found = _route(function, wrapper, path, constants)
    return Route(
        path=path, line=found.line, function=found.function, paths=found.paths, wrapped=wrapped, auth=None, type=None,
        csrf=None, methods=None, cors=None,
    )  # fmt: skip


def is_route(name: str, imports: Imports) -> bool:
    """Is a decorator of that name the route decorator of Odoo, under whatever name it is imported?"""
    targets = imports.resolve(name)
    if any(target in ("odoo.http.route", "openerp.http.route") for target in targets):
        return True
    return name in _NAMES and not imports_elsewhere(name, imports)


def imports_elsewhere(name: str, imports: Imports) -> bool:
    """Is the name bound by imports of other frameworks only (``from bottle import route``)?"""
    targets = imports.resolve(name)
    return bool(targets) and all(target.partition(".")[0] not in _HOMES for target in targets)


def is_webhook_like(path: str) -> bool:
    """Does the path read like one that another system calls?"""
    low = path.lower()
    return any(word in low for word in _WEBHOOK)


def template(path: str) -> str:
    """``/shop/<model("a.b"):item>`` as a path template: ``/shop/{item}``."""
    plain = _CONVERTER.sub(lambda found: "{" + found[1] + "}", path)
    return plain if plain.startswith("/") else f"/{plain}"


def _route(function: Function, call: ast.Call | None, path: str, constants: Constants) -> Route:
    first = _first(call)
    line = function.lineno
    if call is None or first is None:
        return Route(path=path, line=line, function=function.name, bare=True)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}

    def word(name: str, default: str) -> str | None:
        node = keywords.get(name)
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return default
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return str(node.value).lower()
        return constants.text(node, function)

    return Route(
        path=path,
        line=line,
        function=function.name,
        paths=_paths(first, function, constants),
        auth=word("auth", "user"),
        type=word("type", "http"),
        csrf=_csrf(keywords.get("csrf")),
        methods=_methods(keywords.get("methods"), function, constants),
        cors=word("cors", ""),
        spread=any(keyword.arg is None for keyword in call.keywords),
    )


def _first(call: ast.Call | None) -> ast.expr | None:
    if call is None:
        return None
    if call.args:
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg == "route"), None)


def _paths(node: ast.expr, function: Function, constants: Constants) -> tuple[RoutePath, ...]:
    inner = node.value if isinstance(node, ast.Starred) else node
    return tuple(
        RoutePath(line=text.line, via="unresolved")
        if text.value is None
        else RoutePath(line=text.line, text=text.value, via="constant" if text.named else "literal")
        for text in constants.texts(inner, function)
    )


def _csrf(node: ast.expr | None) -> bool | None:
    if node is None:
        return True
    return bool(node.value) if isinstance(node, ast.Constant) else None


def _methods(node: ast.expr | None, function: Function, constants: Constants) -> tuple[str, ...] | None:
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return ()
    texts = constants.texts(node, function)
    if any(text.value is None for text in texts):
        return None
    return tuple(sorted({str(text.value).upper() for text in texts}))
