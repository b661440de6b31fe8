"""Reading a live Odoo: every model of the allow-list that is there and that the account may read, and how much of it.

With Access Rights one call tells which fields exist. Without, ``fields_get`` of each model does, and it leaves out what
the account may not read: one refused field fails the whole call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final

from retailctl.connect.odoo.errors import OdooError
from retailctl.connect.odoo.pages import newest, pages
from retailctl.connect.odoo.source import OdooSource, Record
from retailctl.inventory.odoo.allow_list import AllowedModel, allow_list
from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords
from retailctl.inventory.odoo.standing import Rows, Standing, standing_of

MOST = 50_000
"""Rows of one model: more are no inventory, and would not fit into the memory that a run may take."""
_FIELDS: Final = "ir.model.fields"
_DATA: Final = "ir.model.data"
_MODULES: Final = "ir.module.module"
_USERS: Final = "res.users"
_OWNED: Final = ("res.users.apikeys", "auth.api.key", "ir.cron", "fastapi.endpoint")
_ORIGIN: Final = ("module", "name", "model", "res_id")
# Kinds of failure that concern one model only: another one may still be read.
_OF_ONE: Final = frozenset({"access", "blocked", "model", "field", "server"})


def read_records(
    source: OdooSource, *, url: str, database: str, taken: datetime, progress: Callable[[str], None] = lambda _: None
) -> OdooRecords:
    """Everything the allow-list names. ``progress`` is told each model before it is read.

    Raises OdooError when the server cannot be read on; what is refused for one model is its coverage.
    """
    reading = _Reading(source, progress)
    for allowed in allow_list(source.version):
        reading.model(allowed)
    reading.owners()
    reading.origins()
    if reading.failure is not None and not reading.rows:
        raise reading.failure
    rows, standing = reading.rows, standing_of(reading.rows, source.account)
    return OdooRecords(
        url=url,
        database=database,
        version=source.version,
        transport=source.transport,
        taken=taken,
        account=source.account,
        companies=standing.companies,
        all_companies=standing.all_companies,
        coverage=tuple(_judged(one, standing, rows, source.version) for one in reading.coverage),
        records={model: tuple(found) for model, found in rows.items()},
    )


@dataclass(slots=True)
class _Reading:
    """One run over the models; ``rows`` and ``coverage`` grow."""

    source: OdooSource
    progress: Callable[[str], None]
    rows: dict[str, list[Record]] = field(default_factory=dict)
    coverage: list[ModelCoverage] = field(default_factory=list)
    exist: Mapping[str, frozenset[str]] | None = field(init=False)
    sees_closed: bool = False
    failure: OdooError | None = None

    def __post_init__(self) -> None:
        self.exist = self._existing()

    def model(self, allowed: AllowedModel) -> None:
        """Read one model into ``rows``, and what was seen of it into ``coverage``."""
        self.progress(allowed.model)
        if self._is_absent(allowed):
            self.coverage.append(ModelCoverage(model=allowed.model, readable="absent", reason="no such model here"))
            return
        try:
            covered = self._read(allowed)
        except OdooError as error:
            if error.kind not in _OF_ONE:
                raise
            covered, self.failure = self._refused(allowed, error), error
        self.coverage.append(covered)

    def owners(self) -> None:
        """Accounts of customers are not read, but one that owns a key or runs a job is an account of an interface."""
        known = {row["id"] for row in self.rows.get(_USERS, ())}
        owned = (row.get("user_id") for model in _OWNED for row in self.rows.get(model, ()))
        missing = sorted({user[0] for user in owned if isinstance(user, list) and user} - known)
        covered = next((one for one in self.coverage if one.model == _USERS and one.fields), None)
        if not missing or covered is None:
            return
        more = list(islice(pages(self.source, _USERS, [["id", "in", missing]], covered.fields), MOST))
        self.rows[_USERS] = sorted([*self.rows[_USERS], *more], key=lambda row: int(row["id"]))
        together = replace(covered, rows=len(self.rows[_USERS]))
        self.coverage = [together if one is covered else one for one in self.coverage]

    def origins(self) -> None:
        """The external ids of the rows whose origin matters: what has none was made by hand."""
        models = [one.model for one in allow_list(self.source.version) if one.origin and self.rows.get(one.model)]
        self.model(
            AllowedModel(model=_DATA, fields=_ORIGIN, rights="E", domain=(("model", "in", models),)),
        )

    def _existing(self) -> Mapping[str, frozenset[str]] | None:
        """The fields of every model, by one call that takes Access Rights; None without."""
        allowed = allow_list(self.source.version)
        names = sorted({name for one in allowed for name in (*one.fields, *_ORIGIN)})
        models = [*(one.model for one in allowed), _DATA]
        domain = [["model", "in", models], ["name", "in", names]]
        try:
            found = list(pages(self.source, _FIELDS, domain, ("model", "name")))
        except OdooError as error:
            if error.kind not in _OF_ONE:
                raise
            return None
        exist: dict[str, set[str]] = {}
        for row in found:
            exist.setdefault(str(row.get("model")), set()).add(str(row.get("name")))
        return {model: frozenset(fields) for model, fields in exist.items()}

    def _is_absent(self, allowed: AllowedModel) -> bool:
        if self.exist is not None:
            return allowed.model not in self.exist
        installed = {row.get("name") for row in self.rows.get(_MODULES, ())}
        return bool(allowed.modules) and bool(installed) and installed.isdisjoint(allowed.modules)

    def _read(self, allowed: AllowedModel) -> ModelCoverage:
        if self.exist is not None:
            wanted = tuple(name for name in allowed.fields if name in self.exist[allowed.model])
            try:
                return self._rows(allowed, wanted, wanted)
            except OdooError as error:  # the model, or a field that only a group may read
                if error.kind not in ("access", "field"):
                    raise
                mine = self._mine(allowed, wanted)
                if mine == wanted:
                    raise
                return self._rows(allowed, mine, wanted)
        if not (allowed.is_open or self.sees_closed):
            if not self.source.has_access(allowed.model):
                return _blocked(allowed, "the account may not read the model")
            self.sees_closed = True
        mine = self._mine(allowed, allowed.fields)
        return self._rows(allowed, mine, (*mine, *(name for name in allowed.limited if name not in mine)))

    def _mine(self, allowed: AllowedModel, wanted: Sequence[str]) -> tuple[str, ...]:
        readable = self.source.fields_get(allowed.model)
        return tuple(name for name in wanted if name in readable)

    def _rows(self, allowed: AllowedModel, fields: Sequence[str], exist: Iterable[str]) -> ModelCoverage:
        if not fields:
            return _blocked(allowed, "none of its fields may be read")
        reason = ""
        if allowed.newest:
            rows, total = newest(self.source, allowed.model, allowed.domain, fields, allowed.newest)
            if total > len(rows):
                reason = f"the newest {len(rows):,} of {total:,} rows"
        else:
            rows = list(islice(pages(self.source, allowed.model, allowed.domain, fields), MOST + 1))
            if len(rows) > MOST:
                rows, reason = rows[:MOST], f"the first {MOST:,} rows, and there are more"
        self.rows[allowed.model] = [_cut(row, allowed.cut) for row in rows]
        return ModelCoverage(
            model=allowed.model,
            readable="partial" if reason else "read",
            reason=reason,
            fields=tuple(fields),
            left_out=tuple(sorted(set(exist) - set(fields))),
            rows=len(rows),
        )

    def _refused(self, allowed: AllowedModel, error: OdooError) -> ModelCoverage:
        if error.kind == "model" and self.exist is None:
            return ModelCoverage(model=allowed.model, readable="absent", reason="no such model here")
        if error.kind == "access":
            return _blocked(allowed, "the account may not read the model")
        if error.kind in ("field", "server"):
            return _blocked(allowed, "the server failed while it read the model")
        return _blocked(allowed, "the server forbids calls to the model from outside")


def _blocked(allowed: AllowedModel, reason: str) -> ModelCoverage:
    return ModelCoverage(model=allowed.model, readable="blocked", reason=reason, left_out=allowed.fields)


def _cut(row: Record, names: frozenset[str]) -> Record:
    changed = {name: row[name].partition("?")[0].partition("#")[0] for name in names if isinstance(row.get(name), str)}
    return {**row, **changed} if changed else row


def _judged(covered: ModelCoverage, standing: Standing, rows: Rows, version: str) -> ModelCoverage:
    """What record rules hide, which no error tells: rows of others, and of other companies."""
    allowed = next((one for one in allow_list(version) if one.model == covered.model), None)
    if covered.readable != "read" or allowed is None:
        return covered
    reason = standing.hidden(allowed, rows.get(covered.model, ()))
    return replace(covered, readable="partial", reason=reason) if reason else covered
