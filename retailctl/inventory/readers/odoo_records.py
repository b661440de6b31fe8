"""Records of an Odoo database in a file, as ``inventory odoo --save FILE`` writes them: the same meaning as read live.

The deny list of the client holds for such files too: a field that must never be asked for is dropped and reported,
without its value, whoever put it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from retailctl.connect.odoo.denied import is_denied
from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords
from retailctl.inventory.odoo.seen import found
from retailctl.inventory.odoo.values import ident, moment, text
from retailctl.inventory.reading import Found, Reader, Reading

SCHEMA: Final = "odoo-records/v1"
_MARK: Final = "retailctl"
_READABLE: Final = ("read", "partial", "blocked", "absent")
_TRANSPORTS: Final = ("jsonrpc", "json2")
_HINT: Final = "write the file anew with retailctl inventory odoo --save FILE"
_MOST: Final = 20
_BAD: Final = "INP020"


def _detect(artefact: Artefact) -> float:
    data = artefact.data
    return 1.0 if isinstance(data, Mapping) and str(data.get(_MARK, "")).startswith("odoo-records/") else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    data = artefact.document.data if artefact.document is not None else None
    if not isinstance(data, Mapping) or data.get(_MARK) != SCHEMA:
        said = data.get(_MARK) if isinstance(data, Mapping) else None
        message = f"is of version {said}" if isinstance(said, str) else "is no file of Odoo records"
        raise artefact.error(_BAD, f"{message}; {SCHEMA} is read", (_MARK,) if said else 0, hint=_HINT)
    problems: list[InputError] = []
    records = _records(artefact, data, problems)
    yield from problems[:_MOST]
    if len(problems) > _MOST:
        yield artefact.error(_BAD, f"{len(problems) - _MOST} more mistakes like these", ("records",), hint=_HINT)
    yield from found(records, reading)


def _records(artefact: Artefact, data: Mapping[str, Any], problems: list[InputError]) -> OdooRecords:
    database, url = text(data.get("database")), text(data.get("url"))
    taken = moment(data.get("taken"))
    if not database or taken is None:
        missing = "taken" if database else "database"
        raise artefact.error(_BAD, f"{missing} is missing or cannot be read", hint=_HINT)
    transport = data.get("transport")
    rows = data.get("records")
    if not isinstance(rows, Mapping):
        raise artefact.error(_BAD, "records is no mapping of models", ("records",), hint=_HINT)
    return OdooRecords(
        url=url,
        database=database,
        version=text(data.get("version")),
        transport=transport if transport in _TRANSPORTS else "jsonrpc",
        taken=min(taken, datetime.max.replace(tzinfo=UTC)),
        account=ident(data.get("account")),
        companies=_numbers(data.get("companies")),
        all_companies=_numbers(data.get("all_companies")),
        coverage=tuple(_coverage(data.get("coverage"))),
        records={str(model): tuple(_rows(artefact, str(model), some, problems)) for model, some in rows.items()},
    )


def _rows(artefact: Artefact, model: str, rows: object, problems: list[InputError]) -> Iterator[Mapping[str, Any]]:
    if not isinstance(rows, list | tuple):
        problems.append(artefact.error(_BAD, "is no list of records", ("records", model), hint=_HINT))
        return
    told: set[str] = set()
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            problems.append(artefact.error(_BAD, "is no record", ("records", model, number), hint=_HINT))
            continue
        denied = [name for name in row if is_denied(model, str(name))]
        for name in denied:
            if name not in told:  # a file that has it once has it in every row
                told.add(str(name))
                problems.append(_denied(artefact, model, number, str(name)))
        yield {str(name): value for name, value in row.items() if name not in denied} if denied else row


def _denied(artefact: Artefact, model: str, number: int, name: str) -> InputError:
    return artefact.error(
        _BAD,
        f"{model} has the field {name[:60]}, which may hold a secret; it was not read",
        ("records", model, number, name),
        hint="delete the field from the file, and change the secret if the file was shared",
    )


def _coverage(rows: object) -> Iterator[ModelCoverage]:
    for row in rows if isinstance(rows, list | tuple) else ():
        if not isinstance(row, Mapping):
            continue
        readable, model = row.get("readable"), text(row.get("model"))
        if model and readable in _READABLE:
            yield ModelCoverage(
                model=model,
                readable=readable,
                reason=text(row.get("reason")),
                fields=_names(row.get("fields")),
                left_out=_names(row.get("left_out")),
                rows=ident(row.get("rows")) or 0,
            )


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list | tuple) else ()


def _numbers(value: object) -> tuple[int, ...]:
    some = value if isinstance(value, list | tuple) else ()
    return tuple(number for one in some if (number := ident(one)) is not None)


READER = Reader("odoo-records", "records of an Odoo database", _detect, _read)
