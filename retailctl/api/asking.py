"""``inventory ask``: what the rules in force would have to know, and what sources contradict, by owner.

Only fields are asked that somebody can answer: what a run, a log or an evidence file has to show is counted, not asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from retailctl.api.auditing import judge
from retailctl.api.loading import Loaded, load
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, open_session
from retailctl.errors import UsageError
from retailctl.graph.estate_graph import EstateGraph
from retailctl.inventory.asking.fields import askable, spelled, value_at
from retailctl.inventory.asking.questionnaire import NOBODY, Question, questionnaire
from retailctl.model.estate import Conflict, Entry, Estate
from retailctl.model.redaction import redact
from retailctl.policy.facts_schema import needs_of

MAX_AGE: Final = 365
_CONFLICTS: Final = "conflicting-sightings"
_NAMED: Final = re.compile(r"\b([a-z]+)\.([a-z_]+(?:\.[a-z_]+)*)")
_OF: Final = re.compile(r"([a-z]+)\.([a-z_.]+) of (\S+)")
_DEPTH: Final = 4


@dataclass(slots=True)
class _Asked:
    """Questions by (kind, id, field), and how many unknown verdicts no answer could decide."""

    questions: dict[tuple[str, str, str], Question] = field(default_factory=dict)
    unanswerable: int = 0


def inventory_ask(
    root: Path | None, options: AuditOptions, *, owner: str = "", max_age: int = MAX_AGE
) -> dict[str, Any]:
    """Questionnaires as text by owner: of one owner, or of all who have something to answer.

    Fields without an owner are asked under ``unowned``. An answer of more than ``max_age`` days is asked for again.
    Raises UsageError for an owner whom nobody knows.
    """
    session = open_session(root, options)
    loaded = load(session)
    asked = _asked(session, loaded, max_age)
    by_owner: dict[str, list[Question]] = defaultdict(list)
    for question in asked.questions.values():
        by_owner[question.owner].append(question)
    if owner:
        _check_owner(owner, by_owner, loaded.estate)
        by_owner = defaultdict(list, {owner: by_owner.get(owner, [])})
    return {
        "questions": {name: len(by_owner[name]) for name in sorted(by_owner)},
        "texts": {name: redact(questionnaire(name, by_owner[name], session.as_of)) for name in sorted(by_owner)},
        "unanswerable": asked.unanswerable,
    }


def _check_owner(owner: str, by_owner: Mapping[str, Any], estate: Estate) -> None:
    owners = {str(name) for entries in estate.entries.values() for entry in entries.values() if (name := _owner(entry))}
    known = {*by_owner, *estate.of("team"), *owners, NOBODY}
    if owner not in known:
        near = get_close_matches(owner, sorted(known), n=1)
        hint = f"did you mean {near[0]}?" if near else "retailctl inventory list teams shows the teams"
        raise UsageError(f"nothing in the inventory is owned by {owner!r}", hint=hint)


def _asked(session: Session, loaded: Loaded, max_age: int) -> _Asked:
    asked = _Asked()
    estate = loaded.estate
    evaluation = judge(session, loaded, EstateGraph(estate))
    rules = {rule.id: rule for rule in session.rules}
    for lack in evaluation.lacks:
        rule = rules[lack.rule]
        wanted = list(_fields(estate, rule.applies_to, lack.subject, lack.missing))
        for kind, id_, path in wanted:
            _ask(asked, session, estate.of(kind)[id_], path, (rule.id, rule.title))
        asked.unanswerable += not wanted
    fresh = session.as_of - timedelta(days=max_age)
    for finding in evaluation.findings:
        rule = rules[finding.rule]
        path = (rule.locate or "").partition(".")[2]
        entry = estate.of(rule.applies_to).get(finding.subject)
        if finding.verdict != "fail" or not rule.presence or entry is None or path in _answered(entry, fresh):
            continue
        if value_at(entry.noun, path) in (None, "", "undecided"):
            _ask(asked, session, entry, path, (rule.id, rule.title))
    contradicted = next((rule for rule in session.rules if rule.check == _CONFLICTS), None)
    if contradicted is not None:
        told = {
            (f.subject, f.message) for f in evaluation.findings if f.rule == contradicted.id and f.verdict == "fail"
        }
        _ask_contradicted(asked, session, estate, (contradicted.id, contradicted.title), told, fresh)
    _ask_again(asked, session, estate, fresh, max_age)
    return asked


def _fields(estate: Estate, kind: str, id_: str, missing: str, depth: int = _DEPTH) -> Iterator[tuple[str, str, str]]:
    """(kind, id, field) of what is not declared and would decide; facts lead to what they are derived from."""
    elsewhere = _OF.fullmatch(missing)  # a check may lack something of another entry than the one that it judges
    if elsewhere is not None:
        kind, missing, id_ = elsewhere[1], f"{elsewhere[1]}.{elsewhere[2]}", elsewhere[3]
    own, _, path = missing.partition(".")
    entry = estate.of(kind).get(id_)
    if entry is None or not path or not depth:
        return
    needs = needs_of(missing)
    if needs:
        for of, name in _NAMED.findall(needs):
            yield from _fields(estate, kind, id_, f"{of}.{name}", depth - 1)
    elif own == kind:
        if askable(kind, path) is not None and value_at(entry.noun, path) is None:
            yield kind, id_, path
    elif own == "system" and kind == "interface":
        provider = entry.noun.provider or (entry.noun.key.provider if entry.noun.key is not None else None)
        if provider and provider in estate.of("system"):
            yield from _fields(estate, "system", provider, missing, depth - 1)


def _ask(asked: _Asked, session: Session, entry: Entry, path: str, why: tuple[str, str]) -> None:
    field_of = askable(entry.kind, path)
    if field_of is None:
        return
    key = (entry.kind, entry.id, path)
    known = asked.questions.get(key)
    if known is not None:
        asked.questions[key] = replace(known, why=tuple(dict.fromkeys((*known.why, why))))
        return
    conflict = next((one for one in entry.conflicts if one.attribute == path), None)
    present = value_at(entry.noun, path)
    places = tuple(_told(conflict, session)) if conflict is not None else ()
    if not places and present is not None:
        places = (f"{_text(present)} ({session.documents.place(entry.origins[0])})",)
    values = [one.value for one in conflict.assertions] if conflict is not None else [present]
    asked.questions[key] = Question(
        kind=entry.kind,
        id=entry.id,
        name=getattr(entry.noun, "name", None) or "",
        field=spelled(path),
        owner=_owner(entry) or NOBODY,
        allowed=field_of.allowed,
        meaning=field_of.meaning,
        why=(why,),
        now=tuple(dict.fromkeys(_text(one) for one in values if one is not None)),
        places=places,
    )


def _told(conflict: Conflict, session: Session) -> Iterator[str]:
    for one in conflict.assertions:
        when = f", {one.at}" if one.at else ""
        yield f"{one.source} says {_text(one.value)} ({session.documents.place(one.location)}{when})"


def _ask_contradicted(
    asked: _Asked, session: Session, estate: Estate, why: tuple[str, str], told: set[tuple[str, str]], fresh: date
) -> None:
    for entry in (entry for entries in estate.entries.values() for entry in entries.values()):
        for conflict in entry.conflicts:
            if not conflict.settled:
                _ask(asked, session, entry, conflict.attribute, why)
    for subject, message in sorted(told):  # a log or a contract against the inventory: no sighting has the other value
        path = "lifecycle" if message.startswith("declared ") else message.partition(":")[0]
        for found in (estate.of(kind).get(subject) for kind in ("interface", "event")):
            if found is None or path in _answered(found, fresh):
                continue
            if path not in {conflict.attribute for conflict in found.conflicts}:
                _ask(asked, session, found, path, (why[0], message))


def _ask_again(asked: _Asked, session: Session, estate: Estate, fresh: date, max_age: int) -> None:
    """An answer ages: what nobody has confirmed since is asked again."""
    for entries in estate.entries.values():
        for entry in entries.values():
            answered = answers_of(entry)
            for path in sorted(answered):
                if answered[path] < fresh:
                    why = (
                        "answered",
                        f"on {answered[path].isoformat()}, more than {max_age} days ago; is it still so?",
                    )
                    _ask(asked, session, entry, path, why)


def _answered(entry: Entry, fresh: date) -> set[str]:
    return {path for path, day in answers_of(entry).items() if day >= fresh}


def answers_of(entry: Entry) -> dict[str, date]:
    """Fields that somebody has answered -> day of the newest answer."""
    days: dict[str, date] = {}
    for sighting in getattr(entry.noun, "sightings", None) or ():
        fields = (sighting.fields or {}).get("instead_of")
        if sighting.source == "answer" and sighting.at is not None and isinstance(fields, Mapping):
            day = sighting.at.date() if isinstance(sighting.at, datetime) else sighting.at
            days.update({str(path): max(day, days.get(str(path), day)) for path in fields})
    return days


def _owner(entry: Entry) -> str:
    noun = entry.noun
    return (
        str(getattr(noun, "owner", None) or getattr(noun, "steward", None) or "") if entry.kind != "team" else entry.id
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(_text, value)) if isinstance(value, list | tuple) else str(value)
