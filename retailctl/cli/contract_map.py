"""The maps of ``contract map`` as lines for people, and as a matrix for a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from retailctl.cli.deliver import Lines
from retailctl.cli.escape import one_line, visible
from retailctl.cli.tables import as_text, cell

_COLUMNS = ("member", "path", "type", "unit", "required", "says", "place")
_NO_MAPS = "no maps: a set is declared in a file such as contracts/order/order.map.yaml"
_NEEDED = {True: "required", False: "optional"}


def as_lines(page: Mapping[str, Any]) -> Lines:
    """Each map: its fields, each with a row per member; then what the schemas have beside it, and the findings."""
    lines: Lines = []
    for one in page["maps"]:
        lines += [("", "")] if lines else []
        lines += _map(one)
    if not page["maps"]:
        lines.append((_NO_MAPS, "dim"))
    findings = page["findings"]
    lines += [("", ""), (f"{len(findings)} findings" if len(findings) != 1 else "1 finding", "heading")]
    for one in findings:
        style = "unknown" if one["verdict"] == "unknown" else one["severity"]
        lines.append((one_line(f"  {one['severity']}  {one['message']}  [{one['rule']}]"), style))
        lines.append((one_line(f"      {place(one['place'])}"), "dim"))
    return lines


def _map(one: Mapping[str, Any]) -> Lines:
    lines: Lines = [(one_line(f"{one['entity']}  set {one['set']}, {one['path']}"), "title")]
    for member in one["members"]:
        if member["unread"]:
            lines.append((one_line(f"  {member['member']}: {member['unread']}"), "unknown"))
    for field in one["fields"]:
        lines += [("", ""), (one_line("  " + "  ".join(filter(None, (field["field"], _asked(field))))), "strong")]
        rows = [
            {**row, "required": _NEEDED.get(row["required"]), "says": says(row), "place": place(row["place"])}
            for row in field["members"]
        ]
        shown = [name for name in _COLUMNS if any(cell(row.get(name)) for row in rows)]
        lines += [(f"    {text}", style) for text, style in as_text(rows, shown)[1:]]
    others = [member for member in one["members"] if member["other_fields"]]
    if others:
        lines += [("", ""), ("  not in the entity", "strong")]
        lines += [
            (one_line(f"    {member['member']}: {', '.join(member['other_fields'])}"), "dim") for member in others
        ]
    return lines


def _asked(field: Mapping[str, Any]) -> str:
    words = ("key" if field["key"] else "", "required" if field["required"] else "")
    return ", ".join(filter(None, (field["type"], field["unit"], *words)))


def says(row: Mapping[str, Any]) -> str:
    """What is to be said of a field in a member: its marks and reason, or why it is not there."""
    words = [] if row["status"] == "carried" else [row["status"].upper() if row["status"] != "derived" else "derived"]
    words += row["marks"]
    text = ", ".join(words)
    return f"{text}: {row['reason']}" if row["reason"] else text


def place(found: Mapping[str, Any] | None) -> str:
    """``path:line``; "" for none."""
    return f"{found['path']}:{found['line']}" if found else ""


def as_markdown(page: Mapping[str, Any]) -> str:
    """One table per map: a row per field, a column per member."""
    lines: list[str] = []
    for one in page["maps"]:
        lines += [f"## {_escaped(one['entity'])}", "", f"Set {_escaped(one['set'])}, `{visible(one['path'])}`.", ""]
        lines += _matrix(one)
    lines += [f"Findings: {len(page['findings'])}.", ""]
    lines += [f"* **{one['severity']}** {_escaped(one['message'])} (`{one['rule']}`)" for one in page["findings"]]
    return "\n".join(lines).rstrip() + "\n"


def _matrix(one: Mapping[str, Any]) -> Iterator[str]:
    yield _row(["field", "type", "unit", *(member["member"] for member in one["members"])])
    yield "|" + "---|" * (3 + len(one["members"]))
    for field in one["fields"]:
        by_member = {row["member"]: row for row in field["members"]}
        cells = [_cell(by_member.get(member["member"])) for member in one["members"]]
        yield _row([field["field"], cell(field["type"]), cell(field["unit"]), *cells])
    yield ""


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not known"
    about = " ".join(filter(None, (row["path"], f"({row['type']})" if row["type"] else "", row["unit"])))
    return "; ".join(filter(None, (about, says(row))))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_escaped(one) for one in cells)} |"


def _escaped(text: str) -> str:
    text = one_line(text)
    for sign in "\\`|*_[]<>":
        text = text.replace(sign, f"\\{sign}")
    return text
