"""What is wrong in the sources of a plan: exactly one kind, options that it has, paths that stay in the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from retailctl.connect.odoo.addresses import server_address
from retailctl.connect.odoo.denied import denied_among, is_denied
from retailctl.errors import UsageError
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_source import FILE_KINDS, SOURCE_KINDS, TABLE_KINDS, OdooModel, Source
from retailctl.parallel.canonical import source_name
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.sources.statement import unreadable
from retailctl.workspace.problems import SCHEMA, Path, Problem

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}\Z")
_MODEL: Final = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*\Z")
_FIELD: Final = re.compile(r"[A-Za-z_]\w*\Z")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_OPTIONS: Final = {
    **dict.fromkeys(("delimiter",), ("csv",)),
    **dict.fromkeys(("quote", "escape", "encoding", "null"), ("csv", "tsv")),
    **dict.fromkeys(("header", "columns", "skip"), ("csv", "tsv", "xlsx")),
    "sheet": ("xlsx",),
    **dict.fromkeys(("table", "query"), TABLE_KINDS),
}


def problems(plan: TablePlan) -> Iterator[Problem]:
    """Of both sides."""
    for side in SIDES:
        source = plan.sources.legacy if side == "legacy" else plan.sources.new
        place = ("sources", side)
        if len(source.kinds) == 1:
            yield from _source(source, place)
            if source.odoo is not None:
                yield from _denied(plan, side, source.odoo)
        elif source.kinds:
            message = f"{' and '.join(source.kinds)} are two sources"
            yield Problem(SCHEMA, message, place, "Keep one; a pattern such as exports/*.csv names several files.")
        else:
            hint = f"Add one of {', '.join(SOURCE_KINDS)}."
            yield Problem(SCHEMA, "the source does not say where it is read", place, hint)


def _source(source: Source, place: Path) -> Iterator[Problem]:
    kind = source.kind
    for option, kinds in _OPTIONS.items():
        if getattr(source, option) is not None and kind not in kinds:
            message = f"{option} is not an option of {kind}"
            yield Problem(SCHEMA, message, (*place, option), f"Remove it; it is for {', '.join(kinds)}.")
    if kind in TABLE_KINDS and (source.table is None) == (source.query is None):
        message = f"{kind} needs a table or a query" if source.table is None else "a table or a query, not both"
        yield Problem(SCHEMA, message, place, "Write `table: ...` or `query: ...`.")
    if source.query is not None and (reason := unreadable(source.query)):
        hint = "A query of a plan is one SELECT, or a WITH that ends in one."
        yield Problem(SCHEMA, reason, (*place, "query"), hint)
    if source.columns is not None:
        folded = [name.casefold() for name in source.columns]
        if not folded or len(set(folded)) < len(folded):
            message = "columns names one twice, upper and lower case apart" if folded else "columns names none"
            yield Problem(SCHEMA, message, (*place, "columns"), "Name each column once, in the order of the file.")
    if source.odoo is not None:
        yield from _odoo(source.odoo, (*place, kind))
    elif kind in FILE_KINDS:
        yield from path_problems(source.where, (*place, kind))
    else:
        yield from variable_problems(kind, source.where, (*place, kind))


def _odoo(source: OdooModel, place: Path) -> Iterator[Problem]:
    """An address without a login, a model, and conditions that ask for no secret."""
    try:
        server_address(source.url, allow_plaintext=bool(source.allow_plaintext))
    except UsageError as error:
        yield Problem(SCHEMA, error.message, (*place, "url"), error.hint)
    if not _MODEL.match(source.model):
        yield Problem(SCHEMA, "model is no technical name", (*place, "model"), "Write it as in sale.order.line.")
    if not all(term in ("&", "|", "!") or _is_term(term) for term in source.domain or ()):
        hint = "Write a list of [field, operator, value], such as [[state, '=', sale]]."
        yield Problem(SCHEMA, "domain is not in the notation of Odoo", (*place, "domain"), hint)
    elif denied := denied_among(source.model, (), source.domain or ()):
        yield Problem(SCHEMA, f"{', '.join(denied)} may hold a secret", (*place, "domain"), "Leave it out.")
    if source.ca_bundle is not None:
        yield from path_problems(source.ca_bundle, (*place, "ca-bundle"))


def _is_term(term: object) -> bool:
    return isinstance(term, list | tuple) and len(term) == 3 and all(isinstance(part, str) for part in term[:2])


def _denied(plan: TablePlan, side: Side, source: OdooModel) -> Iterator[Problem]:
    """Columns that are never read of an Odoo, whoever asks."""
    for index, field in enumerate(plan.fields):
        name = source_name(field, side)
        if is_denied(source.model, name):
            hint = "Secrets of an Odoo are never read; leave the field out."
            yield Problem(SCHEMA, f"{name} may hold a secret", ("fields", index, side, "col"), hint)
        elif not _FIELD.match(name):
            hint = "A related value is a field of another model: compare that one by itself."
            yield Problem(SCHEMA, f"{name} is no field of a model", ("fields", index, side, "col"), hint)


def variable_problems(kind: str, where: str, place: Path) -> Iterator[Problem]:
    """An address is never in a plan, only the name of the variable that holds it."""
    if not _VARIABLE.match(where):
        hint = "Put the address into an environment variable and name it here; an address may hold a password."
        yield Problem(SCHEMA, f"{kind} takes the name of a variable", place, hint)


def path_problems(where: str, place: Path) -> Iterator[Problem]:
    """Files are in the workspace."""
    scheme = _SCHEME.match(where)
    if scheme:
        if "@" in where[scheme.end() :].partition("/")[0]:
            hint = "Give the credentials in the environment."
            yield Problem(SCHEMA, "an address may not hold a user or password", place, hint)
        return
    path = PurePosixPath(where.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in where or where.startswith("~"):
        hint = "Write it relative to the workspace; a link inside may not lead out either."
        yield Problem(SCHEMA, "the path leaves the workspace", place, hint)
