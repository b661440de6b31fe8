"""The evaluating environment: expressions over plain dicts, with three values (policy.md 7.3 to 7.6).

Every variable is a map, so that a missing key is an error value and not a default. All rules of a kind share
one environment and one activation per subject (one of another environment is not always understood); so the
parameters of each rule have a variable of their own, which its expression is made to read for ``params``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from retailctl.model.estate import Subject
from retailctl.model.outcome import Decision
from retailctl.model.rule import Rule
from retailctl.policy.facts_schema import is_fact
from retailctl.policy.functions import NO_EVIDENCE, declarations
from retailctl.policy.matching import Match
from retailctl.policy.memo import Memo, Reading
from retailctl.policy.references import Path, dotted, hides, missing_path, prefixes_to, references, renamed

# Small enough that the values of a batch stay in the processor's cache: a fifth faster than batches of 1,000.
_BATCH: Final = 64
_PARAMS: Final = "params"
_MISSING = re.compile(r'NOT_FOUND: Key not found in map : "?(.*?)"?$', re.DOTALL)


class Judgement(NamedTuple):
    """What one rule says of one subject; ``missing`` or ``error`` say why it says nothing."""

    rule: Rule
    subject: Subject
    decision: Decision
    missing: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A rule, compiled: its expression, the paths that it reads, its filter, and where presence is judged."""

    rule: Rule
    evaluate: Any
    paths: tuple[Path, ...]
    match: Match | None
    presence: Path | None
    params_name: str
    memo: Memo


def evaluate_kind(
    rules: Sequence[Rule], kind: str, subjects: Sequence[Subject], as_of: date, passed: Counter[str]
) -> Iterator[Judgement]:
    """Judge the subjects of one kind by all CEL rules for it; passes are counted in ``passed`` by rule id."""
    from cel_expr_python import cel

    environment = _environment(cel, kind, len(rules), as_of)
    reading = Reading(kind)
    programs = [_program(environment, reading, rule, number) for number, rule in enumerate(rules)]
    variables: dict[str, Any] = {p.params_name: p.rule.params for p in programs if p.rule.params}
    variables["now"] = datetime.combine(as_of, time(), UTC)
    columns = _columns_read(programs, kind)
    passes = [0] * len(programs)
    waiting = iter(subjects)
    while batch := list(islice(waiting, _BATCH)):
        arena = cel.Arena()  # dropped with the batch, so that memory stays flat
        # Values are converted for each subject: rules whose verdicts do not repeat get only what they read, and the
        # others, which are seldom evaluated, what any rule reads.
        make = partial(_activation, environment, variables, kind, arena)
        often = frozenset(number for number, program in enumerate(programs) if program.memo.gave_up)
        narrow = _columns_read([programs[number] for number in often], kind)
        for subject in batch:
            activations = _Activations(make, subject, columns, narrow)
            yield from _judge(programs, often, subject, reading(subject.fields), activations, passes)
    passed.update({program.rule.id: count for program, count in zip(programs, passes, strict=True)})


def _activation(environment: Any, variables: Mapping[str, Any], kind: str, arena: Any, fields: dict[str, Any]) -> Any:
    return environment.Activation({**variables, kind: fields}, arena=arena)


class _Activations:
    """The values of one subject as expressions take them, made when the first rule needs them: for the rules that are
    evaluated on most subjects with their columns only, for the others with all."""

    __slots__ = ("_columns", "_fields", "_made", "_make")

    def __init__(
        self,
        make: Callable[[dict[str, Any]], Any],
        subject: Subject,
        columns: tuple[str, ...] | None,
        narrow: tuple[str, ...] | None,
    ) -> None:
        self._make, self._fields, self._columns, self._made = make, subject.fields, (columns, narrow), [None, None]

    def __call__(self, often: bool) -> Any:
        made = self._made[often]
        if made is None:
            columns, fields = self._columns[often], self._fields
            chosen = fields if columns is None else {name: fields[name] for name in columns if name in fields}
            made = self._made[often] = self._make(chosen)
        return made


def _judge(
    programs: Sequence[Program],
    often: frozenset[int],
    subject: Subject,
    values: list[Any],
    activations: _Activations,
    passes: list[int],
) -> Iterator[Judgement]:
    """The verdicts on one subject other than pass. The hot loop: one turn per rule and subject.

    ``values`` are what the rules read of it; ``often`` the numbers of those whose verdicts do not repeat.
    """
    for number, program in enumerate(programs):
        unmatched = ""
        if program.match is not None:
            matched, unmatched = program.match(subject.fields)
            if matched is False:
                continue
        key = program.memo.key(values)
        value = program.memo.known.get(key)
        if value is None:
            try:
                value = program.evaluate(activations(number in often)).value()
            except RuntimeError as error:
                yield Judgement(program.rule, subject, "unknown", error=_first_line(str(error)))
                continue
            # An error is a value too, and a truthy one: only the two truth values count.
            value = value if value is True or value is False else str(value)
            if key is not None:
                program.memo.known[key] = value
        if value is False:
            passes[number] += 1
        elif value is not True:
            yield _without_verdict(program, subject, value)
        elif unmatched:
            yield Judgement(program.rule, subject, "unknown", missing=unmatched)
        else:
            yield Judgement(program.rule, subject, "fail")


def _without_verdict(program: Program, subject: Subject, text: str) -> Judgement:
    """A missing key is unknown, or fails a rule about presence; any other error is one of the rule itself."""
    rule = program.rule
    if NO_EVIDENCE in text:
        return Judgement(rule, subject, "unknown", missing=text.partition(NO_EVIDENCE)[2])
    found = _MISSING.match(text)
    if found is None:
        return Judgement(rule, subject, "unknown", error=_first_line(text))
    scope = {rule.applies_to: subject.fields, "params": rule.params}
    path = missing_path(prefixes_to(program.paths, found[1]), scope)
    if path is None:
        return Judgement(rule, subject, "unknown", missing=f"an entry for {found[1]!r}")
    if path[0] == "params":
        return Judgement(rule, subject, "unknown", error=f"parameter {dotted(path)} is not set")
    if subject.hand_kept and _is_demanded(program, path):
        return Judgement(rule, subject, "fail")
    return Judgement(rule, subject, "unknown", missing=dotted(path))


def _is_demanded(program: Program, path: Path) -> bool:
    """Whether the rule demands the missing field: the one it points at, or a block around or in it."""
    if not program.rule.presence or is_fact(program.rule.applies_to, path[1] if len(path) > 1 else ""):
        return False
    demanded = program.presence
    if demanded is None:
        return True
    shorter = min(len(demanded), len(path))
    return demanded[:shorter] == path[:shorter]


def _program(environment: Any, reading: Reading, rule: Rule, number: int) -> Program:
    name = f"{_PARAMS}{number}"
    text = rule.when or ""
    expression = environment.compile(renamed(text, _PARAMS, name))
    kind, paths = rule.applies_to, references(text)
    if hides(text, kind):  # then any field may be read
        paths = ((kind,), *paths)
    return Program(
        rule=rule,
        evaluate=expression.eval,
        paths=paths,
        match=Match(rule.applies_to, rule.match) if rule.match else None,
        presence=tuple(rule.locate.split(".")) if rule.locate else None,
        params_name=name,
        memo=Memo(reading, paths),
    )


def _columns_read(programs: Sequence[Program], kind: str) -> tuple[str, ...] | None:
    """The fields of the subject that any rule reads; None when one takes the subject as a whole."""
    paths = [path for program in programs for path in program.paths if path[0] == kind]
    if any(len(path) == 1 for path in paths):
        return None
    return tuple(dict.fromkeys(path[1] for path in paths))


def _environment(cel: Any, kind: str, rules: int, as_of: date) -> Any:
    anything = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    variables = {kind: anything, "now": cel.Type.TIMESTAMP}
    variables |= {f"{_PARAMS}{number}": anything for number in range(rules)}
    return cel.NewEnv(variables=variables, functions=declarations(cel, as_of))


def _first_line(text: str) -> str:
    lines = text.splitlines()
    return lines[0][:300] if lines else "evaluation failed"


def fields_read(rule: Rule) -> tuple[str, ...]:
    """The fields that the expression of a rule reads, as dotted paths in the order of the text."""
    found: Mapping[str, None] = dict.fromkeys(dotted(path) for path in references(rule.when or ""))
    return tuple(found)
