"""Names that the imports of a file bind, and the dotted name that a call resolves to through them."""

from __future__ import annotations

import ast
from typing import Final

_MOVED: Final = "six.moves."


class Imports:
    """All imports of one file, those inside functions with them: a name may be bound more than once."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def add(self, node: ast.Import | ast.ImportFrom) -> None:
        """Bind what a statement imports."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                self._bind(bound, alias.name if alias.asname else bound)
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            self._bind(alias.asname or alias.name, f"{module}.{alias.name}" if module else alias.name)

    def _bind(self, name: str, target: str) -> None:
        self._names.setdefault(name, set()).add(target.removeprefix(_MOVED))

    def resolve(self, dotted: str) -> tuple[str, ...]:
        """What a dotted name may be; empty when no import binds its first part."""
        head, _, rest = dotted.partition(".")
        return tuple(sorted(f"{target}.{rest}" if rest else target for target in self._names.get(head, ())))

    def binds(self, name: str) -> bool:
        """Does an import bind this name?"""
        return name in self._names


def dotted_name(node: ast.expr) -> str:
    """``a.b.c`` of an attribute of a name; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))
