"""XML of others as a small tree with lines. No document type, no entity, no network: such a file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.workspace import input_codes as codes

_DEPTH: Final = 200
_NODES: Final = 500_000
_TEXT: Final = 20_000  # characters of one element that are kept


@dataclass(slots=True)
class Node:
    """``space`` is the namespace, ``name`` the local name; attributes are named as in ElementTree (``{ns}name``)."""

    space: str
    name: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str:
        """An attribute without a namespace, stripped; empty when absent."""
        return self.attributes.get(name, "").strip()

    def all(self, *names: str) -> Iterator[Node]:
        """Children of these local names, in any namespace."""
        return (child for child in self.children if child.name in names)

    def first(self, *path: str) -> Node | None:
        """The first node at a path of local names."""
        node: Node | None = self
        for name in path:
            node = next(node.all(name), None) if node is not None else None
        return node

    def value(self, *path: str) -> str:
        """The text of the first node at a path, stripped; empty when absent."""
        node = self.first(*path)
        return node.text.strip() if node is not None else ""

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in the order of the file."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


class _Builder:
    """The target of the parser."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self.root: Node | None = None
        self.parser: Any = None
        self._open: list[Node] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        line = self.parser.CurrentLineNumber
        node = Node(space, name, line, attributes)
        self._count += 1
        if len(self._open) >= _DEPTH or self._count > _NODES:
            limit = f"deeper than {_DEPTH} elements" if len(self._open) >= _DEPTH else f"more than {_NODES:,} elements"
            code = codes.DEPTH if len(self._open) >= _DEPTH else codes.NODES
            raise self.artefact.error(code, limit, line, hint="split the file; nothing of it was read")
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        if self._open and len(self._open[-1].text) < _TEXT:
            self._open[-1].text += text[:_TEXT]

    def close(self) -> Node | None:
        return self.root


def tree_of(artefact: Artefact) -> Node:
    """The root element. Raises a located InputError for anything that is no plain XML."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    builder = _Builder(artefact)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser.parser
    try:
        parser.feed(artefact.content)
        root = parser.close()
    except ParseError as error:
        line = error.position[0]
        raise artefact.error(
            codes.SYNTAX, "is no well-formed XML", line, hint="correct it, or export it again"
        ) from None
    except DefusedXmlException:
        raise artefact.error(
            codes.REFERENCE_DENIED,
            "has a document type or an entity of its own, which is not read",
            builder.parser.CurrentLineNumber,
            hint="take the DOCTYPE out of the file",
        ) from None
    except (LookupError, ValueError):
        raise artefact.error(
            codes.ENCODING, "is in an encoding that is not known", 1, hint="save it as UTF-8"
        ) from None
    if root is None:
        raise artefact.error(codes.EMPTY, "has no element", hint="export it again")
    return root  # type: ignore[no-any-return]


def starts_as_xml(artefact: Artefact) -> bool:
    """Does the file begin as XML does, whatever it is called?"""
    return artefact.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
