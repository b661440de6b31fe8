"""The checking environment: are the names and types of an expression those of the model? (policy.md section
7.3)

Message types are made in memory from the dataclasses of ``model/`` and the table of derived facts; CEL's own
checker then reports every error of an expression at once. Nothing is evaluated with these types: an absent
field of a message would read as its default, and turn "not known" into a verdict.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from retailctl.policy.functions import FUNCTIONS, declarations
from retailctl.policy.message_types import PACKAGE, build_types, fields_of_struct

_PROBLEM = re.compile(
    r"^(?:INVALID_ARGUMENT: )?ERROR: <input>:(\d+):(\d+): (.*?)(?: \[INVALID_ARGUMENT\])?$", re.MULTILINE
)
_UNKNOWN_FIELD = re.compile(rf"undefined field '([^']*)' not found in struct '{PACKAGE}\.(\w+)'")
_UNKNOWN_NAME = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '([^']*)'")
_MACROS: Final = ("exists", "all", "exists_one", "map", "filter")
_STANDARD: Final = (
    "size",
    "has",
    "matches",
    "startsWith",
    "endsWith",
    "contains",
    "timestamp",
    "duration",
    "int",
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error of an expression: 1-based line and column inside its text, and what is wrong."""

    line: int
    column: int
    message: str


def check_condition(kind: str, expression: str) -> tuple[Problem, ...]:
    """Every error of a condition on one subject of ``kind``; empty when it is sound."""
    compiled, problems = _compile(kind, expression)
    if compiled is None:
        return problems
    result = compiled.return_type()
    if result.name() == "BOOL":
        return ()
    return (Problem(1, 1, f"the expression gives {_in_words(result.name())}; a condition must be true or false"),)


def check_value(kind: str, expression: str) -> tuple[Problem, ...]:
    """Every error of a path into one subject (``interface.owner``), whatever its type."""
    return _compile(kind, expression)[1]


def _compile(kind: str, expression: str) -> tuple[Any, tuple[Problem, ...]]:
    try:
        return _environment(kind).compile(expression), ()
    except RuntimeError as error:
        return None, _problems(kind, str(error))


@cache
def _environment(kind: str) -> Any:
    from cel_expr_python import cel

    variables = {
        kind: cel.Type(f"{PACKAGE}.{kind.capitalize()}"),
        "params": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
        "now": cel.Type.TIMESTAMP,
    }
    return cel.NewEnv(descriptor_pool=build_types(), variables=variables, functions=declarations(cel, None))


def _problems(kind: str, text: str) -> tuple[Problem, ...]:
    found = [_problem(kind, int(line), int(column), message) for line, column, message in _PROBLEM.findall(text)]
    kept = [problem for problem in found if "'*error*'" not in problem.message]
    return tuple(sorted(set(kept))) or (Problem(1, 1, text.splitlines()[0]),)


def _problem(kind: str, line: int, column: int, message: str) -> Problem:
    if match := _UNKNOWN_FIELD.match(message):
        name, struct = match.groups()
        noun = re.sub(r"(?<!^)(?=[A-Z])", "_", struct).lower()
        fields = fields_of_struct(struct)
        hint = f"; did you mean {fields[name]!r}?" if fields.get(name, name) != name else did_you_mean(name, fields)
        # The position is that of the dot.
        return Problem(line, column + 1, f"unknown field {name!r} of {noun}{hint}")
    if match := _UNKNOWN_NAME.match(message):
        names = (kind, "params", "now", *FUNCTIONS, *_MACROS, *_STANDARD)
        return Problem(line, column, f"unknown name {match[1]!r}{did_you_mean(match[1], names)}")
    if match := _OVERLOAD.match(message):
        return Problem(line, column, f"{match[1].strip('_')} cannot be applied to {match[2]}")
    return Problem(line, column, message.partition(" expecting {")[0])


_MANY = 200


def did_you_mean(word: str, candidates: Any) -> str:
    """``; did you mean 'systems'?`` for the nearest candidate, or nothing when none is near."""
    known = sorted(candidates)
    if len(known) > _MANY:  # comparing with all of a large table costs milliseconds, a thousand mistakes seconds
        known = [name for name in known if name[:2].lower() == word[:2].lower()]
    wanted = _squeezed(word)
    near = [name for name in known if _squeezed(name) == wanted]
    near = near or difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def _squeezed(word: str) -> str:
    """Without what people get wrong first: capitals, separators, leading zeros (``sec_1`` for ``SEC-01``)."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[-_. ]", "", word.lower()))


def _in_words(type_name: str) -> str:
    return {"DYN": "a value of unknown type", "STRING": "text", "INT": "a number"}.get(type_name, type_name.lower())
