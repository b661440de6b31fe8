"""The list of findings: a block per rule that opens without JavaScript, and a filter bar that needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from retailctl.model.finding import SEVERITIES, Evidence, Finding
from retailctl.model.report import Report
from retailctl.report import escape
from retailctl.report.grouping import RANK, Group, by_rule, count, place
from retailctl.report.html import changes
from retailctl.report.html.markup import Child, Markup, el, join, mark
from retailctl.report.options import RenderOptions

_ORDER = ("fail", "unknown", "waived", "baselined", "not_applicable")
_WORD = {"not_applicable": "not applicable"}
_OPEN_UP_TO = 12
_EVIDENCE = 6
_CHOICES = 200
_LONGEST = 2_000


def section(report: Report, options: RenderOptions) -> Iterator[Markup]:
    """The section, block by block: at most ``html_rows`` rows, the most urgent ones; the rest is counted."""
    ranked = sorted(report.findings, key=_urgency)
    shown = ranked[: options.html_rows]
    left_out = Counter(finding.rule for finding in ranked[options.html_rows :])
    groups = sorted(by_rule(report, ranked), key=lambda group: (_urgency(group.findings[0]), group.id))
    kept = Counter(finding.rule for finding in shown)
    yield Markup('\n<section id="findings">')
    yield el("h2", "Findings by rule")
    if not groups:
        yield el("p", "No findings. What passed is only counted.", class_="dim")
    else:
        yield _filters(report, groups)
    for group in groups:
        if kept[group.id]:
            yield _block(group, group.findings[: kept[group.id]], left_out[group.id])
    missing = left_out.total()
    if missing:
        yield el(
            "p",
            f"{count(missing, 'less urgent finding')} not listed here: use -f json or -f csv.",
            class_="dim",
        )
    yield Markup("</section>\n")


def verdict(finding: Finding) -> str:
    """The word under which a finding is shown; a baselined finding is not open whatever its verdict."""
    return "baselined" if finding.baselined else finding.verdict


def _urgency(finding: Finding) -> tuple[int, int]:
    return _ORDER.index(verdict(finding)), RANK[finding.severity]


def _kind(finding: Finding) -> str:
    """Which mark stands for it: severity for what failed, otherwise the verdict."""
    word = verdict(finding)
    return finding.severity if word == "fail" else word


def _filters(report: Report, groups: list[Group]) -> Markup:
    owners = sorted({finding.owner or "" for finding in report.findings})[:_CHOICES]
    rules = [(group.id, group.id) for group in sorted(groups, key=lambda group: group.id)[:_CHOICES]]
    verdicts = sorted({verdict(finding) for finding in report.findings}, key=_ORDER.index)
    severities = sorted({finding.severity for finding in report.findings}, key=SEVERITIES.index)
    boxes = [
        _choice("severity", "Severity", [(key, key) for key in severities]),
        _choice("verdict", "Verdict", [(key, _WORD.get(key, key)) for key in verdicts]),
        _choice("rule", "Rule", rules),
        # A dash cannot be told from an owner called "-", hence the prefix of every value.
        _choice("owner", "Owner", [(f"={owner}", owner or "no owner") for owner in owners]),
    ]
    search = Markup('<input id="f-text" type="search" autocomplete="off" placeholder="Subject, message, file">')
    text = el("label", el("span", "Search"), search, class_="grow")
    told = join(el("output", "", id="f-count"), el("button", "Clear", type="button", id="f-clear"))
    return el("div", text, *boxes, told, class_="filters", id="filters", hidden=True, role="search")


def _choice(id: str, label: str, options: list[tuple[str, str]]) -> Markup:
    rows = [el("option", "all", value=""), *(el("option", word, value=value) for value, word in options)]
    return el("label", el("span", label), el("select", *rows, id=f"f-{id}"))


def _block(group: Group, shown: tuple[Finding, ...], left_out: int) -> Markup:
    kind = _kind(shown[0])
    stage = group.rule.stage if group.rule else shown[0].stage
    blocks = el("span", f"blocks {stage}", class_="chip") if stage != "report" else None
    numbers = Counter(verdict(finding) for finding in group.findings)
    told = ", ".join(f"{numbers[key]:,} {_WORD.get(key, key)}" for key in _ORDER if numbers[key])
    title = group.title if group.title != group.name else ""
    name = group.name if group.name != group.id else ""
    head = el(
        "summary",
        mark(kind),
        el("span", el("b", group.id), " ", el("span", name, class_="name"), class_="id"),
        el("span", title, class_="title"),
        blocks,
        el("span", told, class_="told"),
    )
    why = el("p", group.rule.why) if group.rule and group.rule.why else None
    fix = el("p", el("b", "Fix "), group.fix, class_="fix") if group.fix else None
    more = el("p", f"… {left_out:,} more of this rule", class_="dim") if left_out else None
    opened = RANK[group.severity] == 0 and kind == "error" and len(shown) <= _OPEN_UP_TO
    body = el("div", why, fix, _table(shown), more, class_="body")
    return join(Markup("\n"), el("details", head, body, class_="rule", data_rule=group.id, open=opened))


def _table(findings: tuple[Finding, ...]) -> Markup:
    head = el("tr", *(el("th", name, scope="col") for name in ("Verdict", "Subject and message", "Owner")))
    return el("table", el("thead", head), el("tbody", *map(_row, findings)), class_="list")


def _row(finding: Finding) -> Markup:
    kind, word = _kind(finding), verdict(finding)
    where = el("code", escape.clip(str(place(finding)), _LONGEST)) if finding.locations else None
    message = el("p", escape.clip(finding.message, _LONGEST))
    subject = el("b", escape.clip(finding.subject, _LONGEST))
    waiver = el("p", f"waiver {finding.waiver}", class_="dim") if finding.waiver else None
    cells = (
        el("td", mark(kind), _WORD.get(kind, kind), class_=f"k {kind}"),
        el("td", subject, message, where, changes.detail(finding), _evidence(finding), waiver),
        el("td", finding.owner, class_="who"),
    )
    return join(Markup("\n"), el("tr", *cells, data_s=finding.severity, data_v=word, data_o=finding.owner or ""))


def _evidence(finding: Finding) -> Markup | None:
    chain = (*finding.evidence, *finding.related)
    if not chain:
        return None
    rows: list[Child] = [_link(row) for row in chain[:_EVIDENCE]]
    if len(chain) > _EVIDENCE:
        rows.append(el("li", f"… {len(chain) - _EVIDENCE:,} more"))
    return el("ol", *rows, class_="evidence")


def _link(row: Evidence) -> Markup:
    return el("li", escape.clip(row.text, _LONGEST), " ", el("code", str(row.location)) if row.location else None)
