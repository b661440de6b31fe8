"""Severity and parameters of rules, changed by a pack of the user's own or by the settings file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from retailctl.errors import Location
from retailctl.model.rule import Rule
from retailctl.policy.projection import plain
from retailctl.policy.schema import did_you_mean
from retailctl.policy.validation import MOST_MISTAKES, Locate, mistakes

_LARGEST: Final = 1e9
"""No count, age or share of an estate is larger; infinity and not-a-number are not smaller."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """``severity:`` (``off`` included) and ``params:`` of one file; ``locate`` finds their places.

    ``elsewhere`` are rules that are judged outside the packs: their severity is known here and used there.
    """

    severity: Mapping[str, str]
    params: Mapping[str, Mapping[str, Any]]
    locate: Locate
    elsewhere: Collection[str] = ()


def apply_overrides(rules: Mapping[str, Rule], laid: Sequence[Overrides]) -> dict[str, Rule]:
    """The rules with all overrides laid over them, the last on top. Unknown names are refused."""
    found = (problem for overrides in laid for problem in _mistakes(rules, overrides))
    problems = list(islice(found, MOST_MISTAKES))
    if problems:
        raise mistakes(problems)
    made = dict(rules)
    off: dict[str, bool] = {}
    for overrides in laid:
        for rule_id, severity in overrides.severity.items():
            off[rule_id] = severity == "off"
            if severity != "off" and rule_id in made:
                made[rule_id] = replace(made[rule_id], severity=severity)  # type: ignore[arg-type]
        for rule_id, params in overrides.params.items():
            made[rule_id] = replace(made[rule_id], params={**made[rule_id].params, **plain(dict(params))})
    return {rule_id: rule for rule_id, rule in made.items() if not off.get(rule_id)}


def _mistakes(rules: Mapping[str, Rule], overrides: Overrides) -> Iterator[tuple[Location | None, str]]:
    for section, entries in (("severity", overrides.severity), ("params", overrides.params)):
        for rule_id in entries:
            if rule_id in rules or (section == "severity" and rule_id in overrides.elsewhere):
                continue
            known = {*rules, *overrides.elsewhere} if section == "severity" else rules
            yield overrides.locate((section, rule_id)), f"unknown rule {rule_id!r}{did_you_mean(rule_id, known)}"
    for rule_id, params in overrides.params.items():
        known = rules[rule_id].params if rule_id in rules else params
        for name, value in params.items():
            at = overrides.locate(("params", rule_id, name))
            if name not in known:
                yield at, f"unknown parameter {name!r} of {rule_id}{did_you_mean(name, known)}"
            elif not _same_shape(plain(value), known[name]):
                yield (
                    at,
                    f"parameter {name} of {rule_id} must be {_shape(known[name])}, as {known[name]!r} is",
                )


def _same_shape(value: Any, default: Any) -> bool:
    """Whether a check that was written for the default can use the value, down to the items of lists."""
    if _shape(value) != _shape(default):
        return False
    if isinstance(default, list | dict):
        items, samples = (list(one.values()) if isinstance(one, dict) else one for one in (value, default))
        return not samples or all(_same_shape(item, samples[0]) for item in items)
    return isinstance(value, str | bool) or abs(value) <= _LARGEST


def _shape(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    words = ((int, "a number"), (float, "a number"), (str, "text"), (dict, "a mapping"), (list, "a list"))
    return next((word for kind, word in words if isinstance(value, kind)), "absent")
