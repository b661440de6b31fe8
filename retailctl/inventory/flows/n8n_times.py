"""Schedules of n8n nodes in words of cron: of the schedule trigger, the old cron and interval nodes, and polling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retailctl.inventory.flows.loose import listing, mapping, number, text

_UNITS: Final = {"seconds": "s", "minutes": "m", "hours": "h", "days": "d", "weeks": "w", "months": "mo"}
_DEFAULTS: Final = {"seconds": 30, "minutes": 5, "hours": 1, "days": 1, "weeks": 1, "months": 1}


def schedule_of(kind: str, parameters: Mapping[str, Any]) -> str:
    """The schedule that a node states; empty for one that states none."""
    if kind == "scheduleTrigger":
        rules = listing(mapping(parameters.get("rule")).get("interval")) or [{}]
        return "; ".join(dict.fromkeys(filter(None, (_rule(mapping(rule)) for rule in rules))))
    if kind == "interval":
        unit = text(parameters.get("unit")) or "seconds"
        return f"{number(parameters.get('interval')) or 1}{_UNITS.get(unit, 's')}"
    times = mapping(parameters.get("triggerTimes" if kind == "cron" else "pollTimes")).get("item")
    return "; ".join(dict.fromkeys(filter(None, (_time(mapping(item)) for item in listing(times)))))


def _rule(rule: dict[str, Any]) -> str:
    field = text(rule.get("field")) or "days"
    if field == "cronExpression":
        return text(rule.get("expression"))
    every = number(rule.get(f"{field}Interval"))
    every = _DEFAULTS.get(field, 1) if every is None else every
    minute, hour = _at(rule, "triggerAtMinute", "0"), _at(rule, "triggerAtHour", "0")
    if field in ("seconds", "minutes"):
        return f"{every}{_UNITS[field]}"
    if every != 1:
        return f"{every}{_UNITS.get(field, field)}"
    if field == "hours":
        return f"{minute} * * * *"
    if field == "days":
        return f"{minute} {hour} * * *"
    if field == "weeks":
        days = ",".join(text(day) for day in listing(rule.get("triggerAtDay"))) or "0"
        return f"{minute} {hour} * * {days}"
    return f"{minute} {hour} {_at(rule, 'triggerAtDayOfMonth', '1')} * *" if field == "months" else ""


def _time(item: dict[str, Any]) -> str:
    minute, hour = _at(item, "minute", "0"), _at(item, "hour", "14")
    fixed = {
        "everyMinute": "* * * * *",
        "everyHour": f"{minute} * * * *",
        "everyDay": f"{minute} {hour} * * *",
        "everyWeek": f"{minute} {hour} * * {_at(item, 'weekday', '1')}",
        "everyMonth": f"{minute} {hour} {_at(item, 'dayOfMonth', '1')} * *",
        "everyX": f"{number(item.get('value')) or 2}{_UNITS.get(text(item.get('unit')) or 'hours', 'h')}",
        "custom": text(item.get("cronExpression")),
    }
    return fixed.get(text(item.get("mode")) or "everyDay", "")


def _at(rule: Mapping[str, Any], name: str, default: str) -> str:
    written = text(rule.get(name))
    return written if written.isdigit() else default
