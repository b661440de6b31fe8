"""Consecutive versions of a contract, held against each other: does the later one break who keeps to the earlier?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from retailctl.contracts.api.reading import Paths, read_api
from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.changes.compare import Comparison
from retailctl.contracts.judging import Judged, Judgement, JudgeOptions, judge
from retailctl.contracts.references import Library
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.rules.rules import rule
from retailctl.model.contract_facts import Place, VersionStep

# Findings of the version policy follow from a break; the break itself is what a reader wants to see.
_ABOUT_VERSIONS = "api-"


def compared(step: VersionStep, old: Library, new: Library, as_of: date) -> VersionStep:
    """The step with what the comparison says; unchanged when one side is no document that is read here.

    ``breaking`` stays None while no change is surely breaking and one could not be decided.
    """
    judgement = _judgement(step, old, new, as_of)
    if judgement is None:
        return step
    breaks = [one for one in judgement.changes if one.level == "ERR" and one.verdict == "fail"]
    first = min(breaks, key=_order, default=None)
    step = replace(
        step,
        breaking=None if judgement.compatible is None else not judgement.compatible,
        required_bump=judgement.required_bump,
    )
    if first is None:
        return step
    change = first.change
    found = change.new_place or change.old_place
    paths = Paths(new.root_path if change.new_place else old.root_path)
    place = Place(path=paths.outer(found.path), pointer=found.pointer) if found else None
    return replace(step, first_breaking=_message(first), place=place)


def _judgement(step: VersionStep, old: Library, new: Library, as_of: date) -> Judgement | None:
    options = CompareOptions(as_of=as_of)
    before, after = read_api(old), read_api(new)
    if before is not None and after is not None:
        comparison = Comparison(before, after, options)
        judgement = judge(comparison, JudgeOptions(Levels(), witnesses=False))
        if judgement.compatible is None:  # a witness may decide what the relation cannot
            judgement = judge(comparison, JudgeOptions(Levels()))
        return judgement
    from retailctl.contracts.events.compare import compare_events
    from retailctl.contracts.events.judging import judge_events
    from retailctl.contracts.events.reading import read_events

    one, other = read_events(old), read_events(new)
    if one is None or other is None:
        return None
    return judge_events(compare_events(one, other, options, step.mode), JudgeOptions(Levels(), witnesses=False))


def _order(one: Judged) -> tuple[bool, str, str, str]:
    change = one.change
    return change.id.startswith(_ABOUT_VERSIONS), change.subject, change.pointer, change.id


def _message(one: Judged) -> str:
    change = one.change
    old, new = ("" if value is None else str(value) for value in (change.old, change.new))
    text = rule(change.id).message(change.what, old=old, new=new, where=change.location)
    return f"{change.subject}: {text}" if change.subject not in text else text
