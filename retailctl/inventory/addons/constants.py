"""Strings that stand under a name in the same file: constants of the module and of its classes.

``_url = "/pay"`` and ``@route(_url + "/back")``: modules of payment write nearly all of their routes so. Only names,
``Class.attr``, ``+``, lists and f-strings are followed; anything else is built when the program runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_DEPTH: Final = 20
_LONGEST: Final = 2_000
_FAR: Final = 1 << 60
_BUDGET: Final = 2_000  # names that stand for each other twice over would double the work at every step


@dataclass(frozen=True, slots=True)
class Text:
    """One string of an expression; ``value`` None: not to be found. ``named``: it took more than a literal."""

    line: int
    value: str | None
    named: bool = False


@dataclass(slots=True)
class Scope:
    """Assignments of a module or class in order: name -> (line, expression)."""

    names: dict[str, list[tuple[int, ast.expr]]] = field(default_factory=dict)
    bases: tuple[str, ...] = ()


class Constants:
    """The constants of one file."""

    def __init__(self, tree: ast.Module) -> None:
        self._module = _scope(tree)
        self._classes: dict[str, Scope] = {}
        self._within: dict[int, tuple[Scope, ...]] = {}
        self._budget = _BUDGET
        self._find_classes(tree)

    def texts(self, node: ast.expr, within: ast.AST | None = None) -> tuple[Text, ...]:
        """Every string of a string, list or tuple, as it is at its line inside a function of a class."""
        scopes = (*self._within.get(id(within), ()), self._module)
        self._budget = _BUDGET
        return tuple(self._texts(node, scopes, getattr(node, "lineno", _FAR), _DEPTH))

    def text(self, node: ast.expr, within: ast.AST | None = None) -> str | None:
        """The one string that an expression is, or None."""
        found = self.texts(node, within)
        return found[0].value if len(found) == 1 and not isinstance(node, ast.List | ast.Tuple) else None

    def _find_classes(self, tree: ast.Module) -> None:
        pending: list[tuple[ast.AST, tuple[Scope, ...]]] = [(tree, ())]
        while pending:
            node, outer = pending.pop()
            for child in _statements(node):
                if isinstance(child, ast.ClassDef):
                    bases = tuple(base.id for base in child.bases if isinstance(base, ast.Name))
                    scope = _scope(child, bases)
                    self._classes[child.name] = scope
                    # A class inside a class does not see its names; a function in it sees those of its own class.
                    pending.append((child, (scope,)))
                elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._within[id(child)] = outer

    def _texts(self, node: ast.expr, scopes: tuple[Scope, ...], line: int, depth: int) -> Iterator[Text]:
        at = getattr(node, "lineno", line)
        self._budget -= 1
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Text(at, node.value)
        elif depth <= 0 or self._budget <= 0:
            yield Text(at, None)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            for item in node.elts:
                inner = item.value if isinstance(item, ast.Starred) else item
                yield from self._texts(inner, scopes, line, depth - 1)
        elif isinstance(node, ast.Name | ast.Attribute):
            found = self._named(node, scopes, line)
            if found is None:
                yield Text(at, None)
                return
            expression, inside = found
            for text in self._texts(expression, inside, expression.lineno, depth - 1):
                yield Text(at, text.value, named=True)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self._sum(node, scopes, line, depth)
        elif isinstance(node, ast.JoinedStr):
            yield Text(at, self._joined(node, scopes, line, depth), named=True)
        else:
            yield Text(at, None)

    def _sum(self, node: ast.BinOp, scopes: tuple[Scope, ...], line: int, depth: int) -> Iterator[Text]:
        left = tuple(self._texts(node.left, scopes, line, depth - 1))
        right = tuple(self._texts(node.right, scopes, line, depth - 1))
        if self._is_list(node, scopes, line, depth):
            yield from left
            yield from right
            return
        if len(left) == len(right) == 1 and left[0].value is not None and right[0].value is not None:
            whole = left[0].value + right[0].value
            if len(whole) <= _LONGEST:
                yield Text(node.lineno, whole, named=True)
                return
        yield Text(node.lineno, None)

    def _is_list(self, node: ast.expr, scopes: tuple[Scope, ...], line: int, depth: int) -> bool:
        self._budget -= 1
        if depth <= 0 or self._budget <= 0:
            return False
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return any(self._is_list(side, scopes, line, depth - 1) for side in (node.left, node.right))
        if isinstance(node, ast.Name | ast.Attribute):
            found = self._named(node, scopes, line)
            return found is not None and self._is_list(found[0], found[1], found[0].lineno, depth - 1)
        return isinstance(node, ast.List | ast.Tuple)

    def _joined(self, node: ast.JoinedStr, scopes: tuple[Scope, ...], line: int, depth: int) -> str | None:
        parts: list[str] = []
        for part in node.values:
            inner: ast.expr = part
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None or part.conversion not in (-1, ord("s")):
                    return None
                inner = part.value
            found = tuple(self._texts(inner, scopes, line, depth - 1))
            if len(found) != 1 or found[0].value is None:
                return None
            parts.append(found[0].value)
        whole = "".join(parts)
        return whole if len(whole) <= _LONGEST else None

    def _named(
        self, node: ast.Name | ast.Attribute, scopes: tuple[Scope, ...], line: int
    ) -> tuple[ast.expr, tuple[Scope, ...]] | None:
        """The expression that a name stands for at a line, and the scopes that it was written in."""
        if isinstance(node, ast.Name):
            for number, scope in enumerate(scopes):
                expression = _last(scope, node.id, line)
                if expression is not None:
                    return expression, scopes[number:]
            return None
        return self._attribute(node.value.id, node.attr, line) if isinstance(node.value, ast.Name) else None

    def _attribute(self, name: str, attribute: str, line: int) -> tuple[ast.expr, tuple[Scope, ...]] | None:
        seen: set[str] = set()
        pending = [name]
        while pending:
            name = pending.pop(0)
            scope = self._classes.get(name)
            if scope is None or name in seen:
                continue
            seen.add(name)
            expression = _last(scope, attribute, line)
            if expression is not None:
                return expression, (scope, self._module)
            pending += scope.bases
        return None


def _last(scope: Scope, name: str, line: int) -> ast.expr | None:
    found = [expression for at, expression in scope.names.get(name, ()) if at <= line]
    return found[-1] if found else None


def _scope(node: ast.Module | ast.ClassDef, bases: tuple[str, ...] = ()) -> Scope:
    scope = Scope(bases=bases)
    for child in _statements(node):
        targets: list[ast.expr] = []
        if isinstance(child, ast.Assign):
            targets = child.targets
        elif isinstance(child, ast.AnnAssign) and child.value is not None:
            targets = [child.target]
        for target in targets:
            if isinstance(target, ast.Name):
                scope.names.setdefault(target.id, []).append((child.lineno, child.value))  # type: ignore[attr-defined]
    for found in scope.names.values():
        found.sort(key=lambda row: row[0])
    return scope


_BLOCKS: Final = (ast.If, ast.Try, ast.With, ast.For, ast.While)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a module, class or function, those under ``if``, ``try`` and ``with`` with them."""
    pending = list(reversed(getattr(node, "body", ())))
    while pending:
        child = pending.pop()
        yield child
        if isinstance(child, _BLOCKS):
            inner = [*child.body, *getattr(child, "orelse", ()), *getattr(child, "finalbody", ())]
            inner += [statement for handler in getattr(child, "handlers", ()) for statement in handler.body]
            pending += reversed(inner)
