"""What a file says of itself and of the code that is generated from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.protobuf.features import said_of
from retailctl.contracts.protobuf.model import ProtoFile
from retailctl.contracts.protobuf.rules.hits import Hit, Rule, Sides

# Option -> its value where it is not said.
OPTIONS: Final[Mapping[str, str]] = {
    "cc_enable_arenas": "true",
    "cc_generic_services": "false",
    "csharp_namespace": "",
    "go_package": "",
    "java_generic_services": "false",
    "java_multiple_files": "false",
    "java_outer_classname": "",
    "java_package": "",
    "objc_class_prefix": "",
    "optimize_for": "SPEED",
    "php_class_prefix": "",
    "php_metadata_namespace": "",
    "php_namespace": "",
    "py_generic_services": "false",
    "ruby_package": "",
    "swift_prefix": "",
}


def file_option(name: str) -> Rule:
    """An option of the file that changed."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.files:
            before, after = (said_of(file, name) or OPTIONS[name] for file in (old, new))
            if before != after:
                option = new.option(name)
                mark = option.mark if option else None
                yield Hit(
                    new.path,
                    mark,
                    f"/options/{name}",
                    old.path,
                    f"/options/{name}",
                    new.path,
                    _said(before),
                    _said(after),
                )

    return find


def _said(value: str) -> str:
    return value or "nothing"


def same_package(sides: Sides) -> Iterator[Hit]:
    """Files that moved to another package."""
    for old, new in sides.files:
        if old.package != new.package:
            before, after = _said(old.package), _said(new.package)
            yield Hit(new.path, new.package_mark, "/package", old.path, "/package", new.path, before, after)


def same_syntax(sides: Sides) -> Iterator[Hit]:
    """Files that are written in another syntax."""
    for old, new in sides.files:
        if old.syntax != new.syntax:
            mark = new.syntax_mark if _says_syntax(new) else None
            yield Hit(new.path, mark, "/syntax", old.path, "/syntax", new.path, _syntax(old), _syntax(new))


def _says_syntax(file: ProtoFile) -> bool:
    return file.text.startswith(("syntax", "edition"), file.syntax_mark)


def _syntax(file: ProtoFile) -> str:
    return f"edition {file.edition}" if file.edition else file.syntax
