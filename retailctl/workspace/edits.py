"""Edits of files that people keep: the new text is spliced in, every other byte stays as it is.

ruamel finds the place (its nodes know where they begin and end) and checks the result; the text is never
written out anew, so comments, quotes, order, indentation and line ends cannot change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.errors import ConfigError
from retailctl.workspace.yaml_text import block, codec, flow, like

_BY_HAND: Final = "Make the change by hand; the file was not changed."


def append_to_list(text: str, key: str, item: Mapping[str, Any]) -> str:
    """Return the text with ``item`` at the end of the list under the top-level ``key``.

    The list is made when absent. The text must have passed the guarded reader before. Raises ConfigError
    when the list cannot be extended in place, or when the result would not read as the old data plus the
    item.
    """
    bom, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    root, old = _compose(body), _load(body)
    entries = (old or {}).get(key) if isinstance(old or {}, dict) else 0
    if not isinstance(entries, list | None) or (root is not None and old is not None and not isinstance(old, dict)):
        raise ConfigError(f"{key} is not a list", hint=_BY_HAND)
    node = None if root is None or old is None else _child(root, key)
    if node is not None and entries and not node.flow_style:
        new = _after_last(body, node, dict(item))
    elif old is not None and (root.flow_style or (node is not None and entries)):
        new = _in_flow(body, node, dict(item), key)
    elif node is not None:
        new = _first(body, node, dict(item))
    else:
        new = _line_at(body, len(body), f"{key}:\n{block(dict(item), 2, 2)}")
    _verify(new, {**(old or {}), key: [*(entries or []), dict(item)]})
    return bom + new


def set_value(text: str, pointer: str, value: Any, *, nested: bool = False) -> str:
    """Return the text with the value at a JSON Pointer replaced, or added to a mapping that has no such key.

    With ``nested`` blocks that are absent on the way are made, and a list in brackets is replaced by another. A mapping
    in braces gets its key in the braces. The quotes of a text that is replaced are kept. Raises ConfigError when the
    place does not exist or holds more.
    """
    bom, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    node = parent = _compose(body)
    missing = len(steps)
    for number, step in enumerate(steps):
        parent, node = node, _child(node, step)
        if node is None:
            missing = number
            break
    if parent is None or not steps or (missing < len(steps) - 1 and not nested):
        raise ConfigError(f"there is no {pointer or 'value'} in the file", hint=_BY_HAND)
    if node is None:
        whole = value
        for step in reversed(steps[missing + 1 :]):
            whole = {step: whole}
        new = _add_key(body, parent, steps[missing], whole)
    elif _is_block(node) or (
        hasattr(node.value, "append") and not (nested and node.id == "sequence" and isinstance(value, list))
    ):
        raise ConfigError(f"{pointer} is not a single value on one line", hint=_BY_HAND)
    else:
        new = _in_place(body, parent, node, value)
    _verify(new, _with(_load(body), steps, value))
    return bom + new


def _is_block(node: Any) -> bool:
    """Does the value have lines of its own?"""
    return not node.flow_style if hasattr(node.value, "append") else node.style in ("|", ">")


def _in_place(body: str, parent: Any, node: Any, value: Any) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    gap = ""
    if start == end and not _is_list(parent):  # nothing there yet: ruamel puts the mark at the next token
        name = next(name for name, inner in parent.value if inner is node)
        start = end = body.index(":", name.end_mark.index) + 1
        gap = " "
    style = None if hasattr(node.value, "append") else node.style
    return body[:start] + gap + flow(like(value, style)) + body[end:]


def _after_last(body: str, node: Any, item: dict[str, Any]) -> str:
    """Insert after the last entry of a block list, and after the comments that belong to that entry."""
    dash = node.start_mark.column
    place = end = _after(body, node)
    while place < len(body):
        following = _line_end(body, place)
        line = body[place:following].strip("\r\n")
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and (line.lstrip()[0] != "#" or indent <= dash):
            break
        place = following
        end = place if line.strip() else end
    return _line_at(body, end, block(item, dash, node.value[0].start_mark.column - dash))


def _first(body: str, node: Any, item: dict[str, Any]) -> str:
    """Put a block list in the place of ``[]``, ``null`` or nothing; a comment on the line stays."""
    start, end = node.start_mark.index, node.end_mark.index
    rest = body[end : _line_end(body, end)]
    head = body[:start].rstrip(" ") if not rest.strip() else body[:start]
    return _line_at(head + body[end:], len(head) + len(rest), block(item, 2, 2))


def _in_flow(body: str, node: Any, item: dict[str, Any], key: str) -> str:
    if node is None or not getattr(node, "flow_style", False):
        raise ConfigError(f"{key} cannot be added to a mapping in braces", hint=_BY_HAND)
    if node.value:
        place = node.value[-1].end_mark.index
        return f"{body[:place]}, {flow(item)}{body[place:]}"
    place = node.start_mark.index + 1
    return body[:place] + flow(item) + body[place:]


def _add_key(body: str, parent: Any, key: str, value: Any) -> str:
    if parent.id == "scalar" and parent.style is None and parent.value in ("null", "~"):
        return body[: parent.start_mark.index] + flow({key: value}) + body[parent.end_mark.index :]
    if parent.id != "mapping" or not (parent.flow_style or parent.value):
        raise ConfigError(f"{key} cannot be added here", hint=_BY_HAND)
    pair = f"{flow(key)}: {flow(value)}"
    if not parent.flow_style:
        return _line_at(body, _after(body, parent), " " * parent.start_mark.column + f"{pair}\n")
    if parent.value:
        place = parent.value[-1][1].end_mark.index
        return f"{body[:place]}, {pair}{body[place:]}"
    place = parent.start_mark.index + 1
    return body[:place] + pair + body[place:]


def _line_at(body: str, place: int, lines: str) -> str:
    """Insert whole lines at the end of a line, with the line ends of the text."""
    newline = "\r\n" if "\r\n" in body else "\n"
    before = body[:place]
    gap = newline if before and not before.endswith("\n") else ""
    return before + gap + lines.replace("\n", newline) + body[place:]


def _line_end(body: str, place: int) -> int:
    """Return the index after the line that ``place`` is on."""
    found = body.find("\n", place)
    return len(body) if found < 0 else found + 1


def _after(body: str, node: Any) -> int:
    """Return the index after the line a node ends on; a block of text ends where the next line starts."""
    place: int = _last_leaf(node).end_mark.index
    return place if body[place - 1 : place] == "\n" else _line_end(body, place)


def _last_leaf(node: Any) -> Any:
    """Return the last value below a node; a flow collection ends with its own bracket."""
    while isinstance(node.value, list) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _is_list(node: Any) -> bool:
    return bool(node.value) and not isinstance(node.value[0], tuple)


def _child(node: Any, step: str) -> Any:
    if node is None or not isinstance(node.value, list):
        return None
    if _is_list(node):
        inside = step.isascii() and step.isdigit() and int(step) < len(node.value)
        return node.value[int(step)] if inside else None
    return next((value for name, value in node.value if name.value == step), None)


def _compose(body: str) -> Any:
    return _guarded(lambda: codec("rt").compose(body))


def _load(body: str) -> Any:
    return _guarded(lambda: codec("safe").load(body))


def _guarded(action: Any) -> Any:
    from ruamel.yaml.error import YAMLError

    try:
        return action()
    except (YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"cannot be edited: {type(error).__name__}", hint=_BY_HAND) from error


def _with(data: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    if isinstance(data, list):
        return [_with(v, steps[1:], value) if str(i) == steps[0] else v for i, v in enumerate(data)]
    data = {} if data is None else data
    names = {str(name): name for name in data}
    return {**data, names.get(steps[0], steps[0]): _with(data.get(names.get(steps[0])), steps[1:], value)}


def _verify(new: str, expected: Any) -> None:
    """The proof of every edit: it reads as the old data with the change, keys in order."""
    found = _load(new)
    if found != expected or list(_keys(found)) != list(_keys(expected)):
        raise ConfigError("cannot be edited without changing something else", hint=_BY_HAND)


def _keys(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
