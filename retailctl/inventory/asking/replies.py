"""A questionnaire that came back: each answer held against the estate, and what it becomes in an observed file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from retailctl.errors import InputError, Location
from retailctl.inventory.asking.fields import SECTION_OF, askable, problem_of
from retailctl.model.estate import Estate
from retailctl.model.redaction import secrets_in
from retailctl.workspace.document import Document

_KEYS: Final = frozenset({"kind", "id", "field", "answer", "now"})
_TOP: Final = frozenset({"owner", "asked", "questions"})
_PATHS: Final = {"sync.from": "sync.source"}
HEAD: Final = "Written by retailctl inventory answer; do not edit by hand. Delete an entry to take the answer back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer that fits. ``path`` is as a file of the inventory spells it; ``before`` is what stood there
    when it was asked."""

    kind: str
    id: str
    path: str
    value: Any
    before: tuple[str, ...]
    at: Location


@dataclass(slots=True)
class Replies:
    """What a questionnaire says: answers that fit, how many are still open, and what is wrong in it."""

    owner: str
    replies: list[Reply]
    problems: list[InputError]
    open: int = 0


def replies_of(document: Document, estate: Estate) -> Replies:
    """Every answer of the file, in its order. Nothing is raised: one wrong answer hides no other."""
    data = document.data
    found = Replies(str(data.get("owner") or "unowned"), [], [])
    for name in data:
        if name not in _TOP:
            found.problems.append(_wrong(document, (name,), f"{name!r} is no key of a questionnaire", "remove it"))
    questions = data.get("questions")
    if not isinstance(questions, list):
        said = "questions is not a list"
        found.problems.append(_wrong(document, ("questions",), said, "start from: retailctl inventory ask"))
        return found
    seen: set[tuple[str, str, str]] = set()
    for number, question in enumerate(questions):
        steps = ("questions", number)
        if not isinstance(question, Mapping):
            found.problems.append(_wrong(document, steps, "is no question", "keep kind, id, field and answer"))
            continue
        if question.get("answer") is None:
            found.open += 1
            continue
        problems = list(_problems(document, steps, question, estate))
        kind, id_, path = (str(question.get(name, "")) for name in ("kind", "id", "field"))
        if not problems and (kind, id_, path) in seen:
            problems = [_wrong(document, steps, f"{path} of {id_} is answered twice", "keep one of the two")]
        found.problems.extend(problems)
        if not problems:
            seen.add((kind, id_, path))
            before = question.get("now")
            stood = tuple(map(str, before)) if isinstance(before, list) else ()
            at = document.locate((*steps, "answer"))
            found.replies.append(Reply(kind=kind, id=id_, path=path, value=question["answer"], before=stood, at=at))
    return found


def _problems(
    document: Document, steps: tuple[str | int, ...], question: Mapping[str, Any], estate: Estate
) -> Iterator[InputError]:
    unknown = sorted(str(name) for name in question if name not in _KEYS)
    if unknown:
        yield _wrong(document, (*steps, unknown[0]), f"{unknown[0]!r} is no key of a question", "remove it", "INP021")
    kind, id_, path = (question.get(name) for name in ("kind", "id", "field"))
    if kind not in SECTION_OF:
        yield _wrong(document, (*steps, "kind"), f"there is no kind {kind!r}", f"one of {', '.join(SECTION_OF)}")
        return
    if id_ not in estate.of(str(kind)):
        near = get_close_matches(str(id_), list(estate.of(str(kind))), n=1)
        hint = f"did you mean {near[0]}?" if near else "retailctl inventory list shows the ids"
        yield _wrong(document, (*steps, "id"), f"no {kind} {id_!r} in the inventory", hint, "INP023")
        return
    field = askable(str(kind), attribute_of(str(path)))
    if field is None:
        yield _wrong(
            document, (*steps, "field"), f"a {kind} has no field {path!r} to answer", "keep the field as asked"
        )
        return
    problem = problem_of(field, question["answer"])
    if problem:
        hint = f"{field.allowed}; leave it empty if you do not know"
        yield _wrong(document, (*steps, "answer"), f"{path}: {_shown(question['answer'])} {problem}", hint)
    elif any(next(secrets_in(str(leaf)), None) for leaf in _leaves(question["answer"])):
        hint = "write where the secret is kept, never the secret"
        yield _wrong(document, (*steps, "answer"), f"{path}: the answer holds a secret", hint)


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def _wrong(document: Document, steps: Sequence[str | int], message: str, hint: str, code: str = "INP020") -> InputError:
    return InputError(code, message, at=document.locate(tuple(steps)), hint=hint)


def attribute_of(path: str) -> str:
    """The attribute that a file spells like this."""
    return _PATHS.get(path, path)


def merged_into(
    sections: dict[str, list[dict[str, Any]]], replies: Sequence[Reply], day: date, shown: str
) -> dict[str, list[dict[str, Any]]]:
    """Sections of an observed file with the answers in them; what the file says already of another field stays."""
    result = {name: [dict(entry) for entry in entries] for name, entries in sections.items()}
    for reply in replies:
        entries = result.setdefault(SECTION_OF[reply.kind], [])
        entry = next((one for one in entries if one.get("id") == reply.id), None)
        if entry is None:
            entry = {"id": reply.id}
            entries.append(entry)
        sightings = entry.pop("sightings", None) or [{}]
        told = {**((sightings[0].get("fields") or {}).get("instead_of") or {}), attribute_of(reply.path): [
            one for one in reply.before if one != _plain(reply.value)
        ]}  # fmt: skip
        _put(entry, reply.path.split("."), reply.value)
        ref = f"{shown}#L{reply.at.line}" if reply.at.line else shown
        fields = {"instead_of": {name: told[name] for name in sorted(told)}}
        entry["sightings"] = [{"source": "answer", "at": day, "ref": ref, "fields": fields}]
    for entries in result.values():
        entries.sort(key=lambda entry: str(entry.get("id")))
    return result


def _plain(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _put(target: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        inner = target.get(step)
        target[step] = dict(inner) if isinstance(inner, Mapping) else {}
        target = target[step]
    target[path[-1]] = value
