"""Wrong command lines: typer's wording, and pydantic's behind it, turned into ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from typer.core import TyperGroup

from retailctl.errors import UsageError

_WORDING = (
    (r"Option '?(.+?)'? requires an argument\.?", r"\1 needs a value"),
    (r"Option '?(.+?)'? requires (\d+) arguments\.?", r"\1 needs \2 values"),
    (r"Option '?(.+?)'? does not take a value\.?", r"\1 takes no value"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"unexpected argument: \1"),
    (r"No such option: (.+)", r"unknown option \1"),
    (r"No such command '(.*?)'\..*|No such command '(.*?)'.*", r"unknown command '\1\2'"),
    (r"Value error, (.+)", r"\1"),
    (r"Input should be a valid integer.*", "not a whole number"),
    (r"Input should be (.+)", r"must be \1"),
)


def suggestion(typed: str, known: Iterable[str]) -> str:
    """``did you mean …?``, or nothing where no name is near."""
    near = get_close_matches(typed.lower(), list(known), n=1, cutoff=0.55)
    return f"did you mean {near[0]}?" if near else ""


def one_of(flag: str, value: str, known: Iterable[str]) -> UsageError:
    """The error for a value that is not in a list of choices."""
    names = list(known)
    near = suggestion(value, names)
    return UsageError(f"{flag}: {value!r} is not one of {', '.join(names)}", hint=near)


def no_command(overview: str) -> UsageError:
    """The error for a bare ``retailctl``: the overview, and an exit code that a pipeline notices."""
    return UsageError(f"no command given\n\n{overview}".rstrip())


def translate(error: Any) -> UsageError:
    """A usage error of typer in our words."""
    message, hint = _explain(error)
    context = getattr(error, "ctx", None)
    more = f"see {context.command_path} --help" if context else ""
    return UsageError(message, hint="; ".join(part for part in (hint, more) if part))


def _explain(error: Any) -> tuple[str, str]:
    param = getattr(error, "param", None)
    if param is not None:
        return _explain_value(error, param)
    context = getattr(error, "ctx", None)
    command = context.command if context else None
    message = _reword(error.message)
    if hasattr(error, "option_name") and "unknown option" in message:
        return message, _option_hint(error.option_name, context)
    if isinstance(command, TyperGroup):
        typed = re.search(r"unknown command '(.*)'", message)
        if typed:
            return message, suggestion(typed[1], command.commands)
        if message == "Missing command.":
            return "a command is missing", f"one of {', '.join(command.commands)}"
    return message, ""


def _explain_value(error: Any, param: Any) -> tuple[str, str]:
    flag = max(param.opts, key=len) if param.param_type_name == "option" else param.display_name_raw
    if not error.message and type(error).__name__ == "MissingParameter":
        return f"missing {param.param_type_name} {flag}", _choices_hint(param)
    value = _typed(error)
    choices = param.type_descriptor.choices
    if choices and value is not None:
        wrong = one_of(flag, value, [str(choice) for choice in choices])
        return wrong.message, wrong.hint
    reworded = _reword(error.message)
    return f"{flag}: {value!r} is {reworded}" if value and reworded.startswith("not ") else f"{flag}: {reworded}", ""


def _choices_hint(param: Any) -> str:
    choices = param.type_descriptor.choices
    return f"one of {', '.join(map(str, choices))}" if choices else ""


def _typed(error: Any) -> str | None:
    """What the user typed: pydantic keeps it in the error behind typer's."""
    cause = error.__cause__
    problems = cause.errors() if hasattr(cause, "errors") else []
    return str(problems[0]["input"]) if problems else None


def _option_hint(typed: str, context: Any) -> str:
    own = [name for param in context.command.params for name in param.opts if name.startswith("-")]
    if isinstance(context.command, TyperGroup):
        own.append("--version")
        from retailctl.cli.flags import every_flag

        if typed in every_flag():
            return f"{typed} comes after the command: {context.command_path} COMMAND {typed}"
    return suggestion(typed, own) if typed.startswith("--") else ""


def _reword(message: str) -> str:
    for pattern, words in _WORDING:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(words)
    return message
