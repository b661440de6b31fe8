"""Plain data as lines for people: one rule, one result of tests, or any nested mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from retailctl.cli.deliver import Lines
from retailctl.cli.escape import one_line, visible
from retailctl.cli.tables import as_text, cell, fields

_PROSE = (
    ("why", "Why"),
    ("fix", "How to fix"),
    ("bad", "Bad"),
    ("good", "Good"),
    ("how_to_waive", "How to waive"),
)
_FACTS = ("severity", "stage", "presence", "tags", "params", "implements", "since")


def rule_page(rule: Mapping[str, Any]) -> Lines:
    """A rule: its sentence, why, how to fix, examples, how to waive, and the facts about it."""
    lines: Lines = [(one_line(f"{rule.get('id', '')}  {rule.get('name', '')}").strip(), "title")]
    lines += _block(rule.get("title"))
    for key, title in _PROSE:
        if rule.get(key):
            lines += [("", ""), (title, "heading"), *_block(rule[key])]
    facts = fields(rule, _FACTS)
    return [*lines, ("", ""), *facts] if facts else lines


def tested(result: Mapping[str, Any]) -> Lines:
    """The result of `policy test`: the count, then each case that failed."""
    failures: Sequence[Mapping[str, Any]] = result.get("failures", ())
    lines: Lines = [(f"{result['cases']} cases, {len(failures)} failed", "ok" if result["ok"] else "error")]
    for failure in failures:
        lines += [("", ""), *fields(failure, failure)]
    return lines


def any_page(title: str, page: Mapping[str, Any]) -> Lines:
    """Any mapping: simple values first, then a section for each list of mappings and each mapping."""
    lines: Lines = [(one_line(title), "title")] if title else []
    sections = {key: value for key, value in page.items() if value and _is_section(value)}
    lines += fields(page, [key for key in page if key not in sections])
    for key, value in sections.items():
        lines += [("", ""), (one_line(key.replace("_", " ")).capitalize(), "heading"), *_section(value)]
    return lines[1:] if lines and lines[0] == ("", "") else lines


def _is_section(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)
    )


def _section(value: Any) -> Lines:
    if isinstance(value, Mapping):
        return fields(value, value)
    columns = list(dict.fromkeys(name for row in value for name in row if any(cell(item.get(name)) for item in value)))
    return [(f"  {text}", "dim" if style == "title" else style) for text, style in as_text(value, columns)]


def _block(text: Any) -> Lines:
    return [(f"  {line}".rstrip(), "") for line in visible(cell(text)).strip().splitlines()]
