"""``__manifest__.py``: a dictionary, taken apart and never evaluated."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, Final

from retailctl.inventory.addons.facts import Manifest

_LOADED: Final = ("data", "init_xml", "update_xml")  # the last two are what old versions call it
_DEMO: Final = ("demo", "demo_xml")


def manifest_of(tree: ast.Module) -> Manifest | None:
    """What the first dictionary of the file says; None where there is none. A value that is no literal is left out."""
    found = next((node.value for node in tree.body if isinstance(node, ast.Expr) and _is_dict(node.value)), None)
    if not isinstance(found, ast.Dict):
        return None
    values: dict[str, Any] = {}
    for key, value in zip(found.keys, found.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            try:
                values[key.value] = ast.literal_eval(value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
    external = values.get("external_dependencies")
    return Manifest(
        name=_text(values.get("name")),
        version=_text(values.get("version")),
        license=_text(values.get("license")),
        installable=bool(values.get("installable", True)),
        application=bool(values.get("application", False)),
        auto_install=_is_set(values.get("auto_install", False)),
        depends=_texts(values.get("depends")),
        external={str(kind): _texts(names) for kind, names in (external.items() if isinstance(external, dict) else ())},
        data=_files(values, _LOADED),
        demo=_files(values, _DEMO),
    )


def _is_dict(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict)


def _is_set(value: Any) -> bool:
    """``auto_install`` may list the modules that pull this one in; an empty list means always."""
    return isinstance(value, list | tuple | set) or bool(value)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _texts(value: Any) -> tuple[str, ...]:
    items: Iterable[Any] = value if isinstance(value, list | tuple | set) else ()
    found = [item for item in items if isinstance(item, str)]
    return tuple(sorted(found) if isinstance(value, set) else found)


def _files(values: dict[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(path.removeprefix("./") for name in names for path in _texts(values.get(name)))
