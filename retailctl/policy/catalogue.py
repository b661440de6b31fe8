"""The catalogue: every rule that can appear in a report, for ``explain``, SARIF and the docs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from retailctl.model.rule import Rule
from retailctl.policy.cel import fields_read
from retailctl.policy.facts_schema import FACTS
from retailctl.policy.governance_rules import GOVERNANCE_RULES
from retailctl.policy.rows import in_flow_style

_WAIVE = (
    "Add an entry to policies/waivers.yaml with rule, subject, reason, owner, approved-by and expires; "
    "or a comment `# retailctl: ignore[{rule}] reason` on the line of the entry."
)
_ACCEPT_PATH = "Add an entry to `accepted` in the plan, with path, reason, owner and expires."
_ACCEPT = (
    "Add an entry under accepted: in the plan, with class and field, reason, owner, expires and a budget (max_rows). "
    "A comparison without a plan accepts by --tolerance and --ignore."
)
_OF_A_RUN = "parallel run"
_OF_A_STREAM = "stream of events"
_LIMIT = "Raise the limit of its gate in the plan: that of `order`, `redelivered` or `late`."


class InputRow(Protocol):
    """A row of the table of input problems, as the reader keeps it."""

    @property
    def id(self) -> str:
        """INP and number."""

    @property
    def name(self) -> str:
        """Short name in kebab case."""

    @property
    def title(self) -> str:
        """What is wrong, in one sentence."""

    @property
    def why(self) -> str:
        """Why it matters."""

    @property
    def fix(self) -> str:
        """The next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One rule in words. Empty texts are left out of what is printed."""

    id: str
    name: str
    title: str
    severity: str
    stage: str
    applies_to: str
    why: str
    fix: str
    good: str
    bad: str
    condition: str
    reads: tuple[str, ...]
    params: str
    waive: str
    since: str
    pack: str
    tags: tuple[str, ...]


def input_rules(rows: Iterable[InputRow]) -> tuple[Rule, ...]:
    """The INP rows as rules: errors about a file, which are findings like any other."""
    return tuple(
        Rule(
            id=row.id,
            name=row.name,
            title=row.title[:1].upper() + row.title[1:].rstrip(".") + ".",
            applies_to="file",
            severity="error",
            why=row.why,
            fix=row.fix,
            tags=("input",),
            pack="retailctl:input",
        )
        for row in rows
    )


def catalogue(rules: Iterable[Rule], inputs: Iterable[InputRow] = ()) -> tuple[Rule, ...]:
    """All rules in id order: those of the packs, the input problems and the WAV rules."""
    return tuple(sorted((*rules, *input_rules(inputs), *GOVERNANCE_RULES), key=lambda rule: rule.id))


def explain(rule: Rule) -> Explanation:
    """What a rule asks, why, what it looks like when it is kept and broken, and how to fix or waive it."""
    return Explanation(
        id=rule.id,
        name=rule.name,
        title=rule.title,
        severity=rule.severity,
        stage=rule.stage,
        applies_to=rule.applies_to,
        why=rule.why,
        fix=rule.fix,
        good=rule.good,
        bad=rule.bad,
        condition=rule.when or "",
        reads=fields_read(rule),
        params=in_flow_style(rule.params) if rule.params else "",
        waive=_waive(rule),
        since=rule.since,
        pack=rule.pack,
        tags=rule.tags,
    )


def _waive(rule: Rule) -> str:
    if rule.id.startswith(("INP", "WAV")):
        return ""  # a file that cannot be read is not a risk to accept
    if rule.id.startswith("RPL"):
        return _ACCEPT_PATH
    if rule.applies_to == _OF_A_STREAM:
        return _LIMIT
    return _ACCEPT if rule.applies_to == _OF_A_RUN else _WAIVE.format(rule=rule.id)


def explain_rows(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Every rule as plain data, in id order, for ``explain --all --format json``."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    return [_plain(explain(rule)) for rule in ordered]


def explain_markdown(rule: Rule, heading: str = "#") -> str:
    """One rule as a Markdown section."""
    about = explain(rule)
    lines = [f"{heading} {about.id} {about.name}", "", about.title, ""]
    lines += [
        f"Severity **{about.severity}**, stage **{about.stage}**, judged on **{about.applies_to}**.",
        "",
    ]
    lines += _paragraph("Why", about.why) + _paragraph("Fix", about.fix)
    lines += _code("Violates", about.bad) + _code("Passes", about.good)
    lines += _code("True for a violation", about.condition, "cel") + _code("Parameters", about.params)
    if facts := _facts_read(rule):
        lines += ["**Derived facts**", "", *facts, ""]
    lines += _paragraph("Waive", about.waive)
    return "\n".join(lines).rstrip() + "\n"


def catalogue_markdown(rules: Iterable[Rule]) -> str:
    """The catalogue page: a table of all rules, then a section for each."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    lines = ["# Rules", "", "| id | name | rule | severity | stage |", "|---|---|---|---|---|"]
    lines += [
        f"| [{rule.id}](#{_anchor(rule)}) | {rule.name} | {_cell(rule.title)} | {rule.severity} | {rule.stage} |"
        for rule in ordered
    ]
    return "\n".join(lines) + "\n\n" + "\n".join(explain_markdown(rule, "##") for rule in ordered)


def _plain(about: Explanation) -> dict[str, Any]:
    row = {name: getattr(about, name) for name in Explanation.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


def _facts_read(rule: Rule) -> list[str]:
    facts = FACTS.get(rule.applies_to, {})
    names = {path.split(".")[1].removesuffix("[]") for path in fields_read(rule) if "." in path}
    return [f"* `{rule.applies_to}.{name}`: {facts[name].meaning}" for name in sorted(names & facts.keys())]


def _paragraph(label: str, text: str) -> list[str]:
    return [f"**{label}.** {text}", ""] if text else []


def _code(label: str, text: str, language: str = "yaml") -> list[str]:
    return [f"**{label}**", "", f"```{language}", text, "```", ""] if text else []


def _anchor(rule: Rule) -> str:
    return f"{rule.id} {rule.name}".lower().replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
