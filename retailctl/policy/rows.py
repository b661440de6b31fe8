"""One rule of a pack file as a Rule, and everything about it that can be wrong before it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.policy_file import RuleCases, RuleSpec
from retailctl.model.rule import Rule, default_severity
from retailctl.policy.checks import CHECKS
from retailctl.policy.positions import place_in_file
from retailctl.policy.projection import plain
from retailctl.policy.references import references
from retailctl.policy.schema import Problem, check_condition, check_value, did_you_mean
from retailctl.policy.templates import bracket_mistake, paths_in
from retailctl.policy.validation import Parsed

_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*([-_.][A-Za-z0-9]+)*")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Mistake = tuple[Location | None, str]


def rule_of(rule_id: str, spec: RuleSpec, pack: str, at: Location) -> Rule:
    """The row with its defaults filled in: severity by stage, title by name, examples from the tests."""
    cases = spec.tests or RuleCases()
    return Rule(
        id=rule_id,
        name=spec.name,
        title=spec.title or spec.name.replace("-", " "),
        applies_to=spec.applies_to,
        stage=spec.stage,
        severity=spec.severity or default_severity(spec.stage),
        presence=spec.presence,
        when=spec.when,
        check=spec.check,
        match=plain(spec.match or {}),
        message=spec.message or "",
        locate=spec.locate,
        why=spec.why or "",
        fix=spec.fix or "",
        good=_example(cases.passes),
        bad=_example(cases.violates),
        params=plain(spec.params or {}),
        tags=spec.tags or (),
        implements=spec.implements,
        since=spec.since or "0.1.0",
        pack=pack,
        at=at,
    )


def check_rule(rule: Rule, parsed: Parsed) -> Iterator[Mistake]:
    """Every mistake of one rule with its place, from its id to the paths in its message."""
    here = ("rules", rule.id)
    if not _ID.fullmatch(rule.id):
        yield parsed.locate(here), f"{rule.id!r} is not a rule id (write it like EST101)"
    if not _NAME.fullmatch(rule.name):
        yield parsed.locate((*here, "name")), f"{rule.name!r} is not a name in kebab case"
    if (rule.when is None) == (rule.check is None):
        yield parsed.locate(here), f"{rule.id} needs either when: or check:"
    if rule.check is not None and rule.check not in CHECKS:
        yield (
            parsed.locate((*here, "check")),
            f"unknown check {rule.check!r}{did_you_mean(rule.check, CHECKS)}",
        )
    if rule.when is not None:
        problems = [*check_condition(rule.applies_to, rule.when), *_unset_params(rule)]
        yield from _placed(parsed, (*here, "when"), rule.when, problems)
        yield from _texts(rule, parsed)


def _texts(rule: Rule, parsed: Parsed) -> Iterator[Mistake]:
    """Paths outside the expression: they are checked as expressions of their own, located by field."""
    here = ("rules", rule.id)
    if mistake := bracket_mistake(rule.message):
        yield parsed.locate((*here, "message")), mistake
    for path in paths_in(rule.message):
        for problem in check_value(rule.applies_to, path):
            yield parsed.locate((*here, "message")), f"{{{{{path}}}}}: {problem.message}"
    if rule.locate is not None:
        yield from _placed(parsed, (*here, "locate"), rule.locate, list(check_value(rule.applies_to, rule.locate)))
    for field in sorted(rule.match):
        for problem in check_value(rule.applies_to, f"{rule.applies_to}.{field}"):
            yield parsed.locate((*here, "match", field)), problem.message


def _placed(parsed: Parsed, steps: tuple[str | int, ...], text: str, problems: list[Problem]) -> Iterator[Mistake]:
    start = parsed.place_of_value(steps)
    for problem in problems:
        yield place_in_file(start, parsed.text, text, problem.line, problem.column), problem.message


def _unset_params(rule: Rule) -> Iterator[Problem]:
    """Parameters that the expression reads and the rule does not set, unless it asks with ``has()``."""
    when = rule.when or ""
    for path in references(when):
        name = path[1] if len(path) > 1 and path[0] == "params" else None
        if name is None or name in rule.params or re.search(rf"has\(\s*params\.{name}\b", when):
            continue
        offset = when.find(f"params.{name}") + len("params.")
        line, column = when.count("\n", 0, offset) + 1, offset - when.rfind("\n", 0, offset)
        yield Problem(line, column, f"unknown parameter {name!r} of {rule.id}{did_you_mean(name, rule.params)}")


def _example(cases: tuple[dict[str, Any], ...]) -> str:
    return in_flow_style(plain(cases[0])) if cases else ""


def in_flow_style(value: Any) -> str:
    """A value as YAML on one line, as short as it can be read: ``{id: c1, systems: [odoo, wms]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {in_flow_style(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_flow_style, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z_][\w./-]*", value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
