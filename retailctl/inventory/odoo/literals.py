"""One walk over a parsed code text: literals that are addresses, the calls around them, literals that are secrets."""

from __future__ import annotations

import ast
import re
from typing import Final

from retailctl.inventory.odoo.secrets import bare, holds_secret, names_a_secret

URL: Final = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s'\"<>\\`]{1,2000}", re.IGNORECASE)
_LONGEST: Final = 4_000
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_LOGINS: Final = frozenset({"login", "authenticate", "signin"})


class Literals(ast.NodeVisitor):
    """One walk over the tree: texts with an address, the method of the call around them, and secrets."""

    def __init__(self, *, shapes: bool) -> None:
        self._shapes = shapes  # somewhere in the text: looking at every literal costs ten times the walk
        self.found: dict[tuple[str, str], None] = {}
        self.secrets: set[str] = set()
        self.bases: set[str] = set()
        self._names: dict[str, str] = {}

    def visit_Assign(self, node: ast.Assign) -> None:
        """``NAME = "text"``: a secret by its name, or the base of addresses below."""
        for target in node.targets:
            self._assigned(target, node.value)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """The same with a type."""
        if node.value is not None:
            self._assigned(node.target, node.value)
            self.visit(node.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        """``{"name": "text"}``."""
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._suspect(key.value, value)
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        """``name="text"`` in a call; of ``auth=(user, password)`` the last."""
        if node.arg == "auth" and isinstance(node.value, ast.Tuple | ast.List) and node.value.elts:
            self._suspect("password", node.value.elts[-1])
        elif node.arg:
            self._suspect(node.arg, node.value)
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """``requests.post(url)``, ``http.request("POST", url)``, ``ftp.login(user, password)``."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        verb = name.lower()
        literals = [text for arg in node.args if (text := self._text(arg)) is not None]
        method = verb if verb in _VERBS else ""
        if verb == "request" and literals and literals[0].lower() in _VERBS:
            method = literals[0].lower()
        for text in literals:
            self._address(text, method.upper())
        if verb in _LOGINS and len(node.args) > 1:
            self._suspect("password", node.args[-1])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Text put together with ``+``, or filled in with ``%``."""
        text = self._text(node)
        if text is None:
            self.generic_visit(node)
        else:
            self._address(text, "")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """An f-string, with ``{name}`` where a value is filled in."""
        self._address(self._text(node) or "", "")
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Any other text."""
        if isinstance(node.value, str):
            self._address(node.value, "")

    def visit_Expr(self, node: ast.Expr) -> None:
        """A text that stands alone is a remark."""
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        text = self._text(value)
        if isinstance(target, ast.Name):
            if text is not None and len(text) < 2000:
                self._names[target.id] = text
            self._suspect(target.id, value)
        elif isinstance(target, ast.Attribute):
            self._suspect(target.attr, value)
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            self._suspect(str(target.slice.value), value)

    def _suspect(self, name: str, node: ast.expr) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")
            if names_a_secret(name, value):
                self.secrets.add(bare(value))

    def _address(self, text: str, method: str) -> None:
        # What begins with an address is one; what only mentions one is a sentence or a document.
        found = URL.match(text.strip())
        if found is not None:
            self.found.setdefault((found[0], method))
        elif self._shapes and holds_secret(text):
            self.secrets.add(bare(text))

    def _text(self, node: ast.expr) -> str | None:
        """The text of an expression, with ``{name}`` for what is filled in; None when it is no text."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.JoinedStr):
            return "".join(self._part(part) for part in node.values)[:_LONGEST]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            left = self._text(node.left)
            if left is None or isinstance(node.op, ast.Mod):
                return left
            self._based(node.left)
            right = self._text(node.right)
            return (left + (right if right is not None else _hole(node.right)))[:_LONGEST]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return self._text(node.func.value)
        return None

    def _part(self, part: ast.expr) -> str:
        if isinstance(part, ast.Constant):
            return str(part.value)
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        self._based(inner)
        return self._text(inner) or _hole(inner)

    def _based(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name) and node.id in self._names:
            self.bases.add(self._names[node.id])


def _hole(node: ast.expr) -> str:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "value")
    return "{" + str(name) + "}"
