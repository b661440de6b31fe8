"""Database: the records of one Odoo database with what is needed to judge one of them: origin, groups, coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords, Readable
from retailctl.inventory.odoo.values import Row, ident, idents, technical, text
from retailctl.inventory.reading import Reading
from retailctl.inventory.urls import url_of
from retailctl.model.interface_key import InterfaceKey
from retailctl.model.seen import Seen, SeenConsumer, SeenKind

SOURCE: Final = "odoo"
HAND: Final = "hand"
# In a stock database every record of these has a row in ir.model.data, so one without was made by hand. Records that
# code makes for each company (payment.provider, pos.config, ...) often have none, and prove nothing.
_TOLD_BY_EXTERNAL_ID: Final = frozenset({
    "ir.cron", "ir.actions.server", "base.automation", "res.groups", "ir.model.access", "delivery.carrier",
    "res.users",
})  # fmt: skip
# An export gives a record an external id, and so does Studio: neither is a module.
_NO_MODULE: Final = re.compile(r"__\w+__|studio_customization|base_import_\w*|")
_LOCAL: Final = re.compile(r"localhost|127(?:\.\d+){3}|::1|0\.0\.0\.0")
_ODOO: Final = frozenset({"odoo", "odoosa", "odooinc", "openerpsa"})
_PRINT: Final = re.compile(r"hmac:[\w-]+:[\w-]+")
_VERSION: Final = re.compile(r"(\d+)(?:\.(\d+))?")
ADMIN: Final = "base.group_system"


def is_local(host: str) -> bool:
    """Is it the machine itself?"""
    return _LOCAL.fullmatch(host.lower()) is not None


@dataclass(frozen=True, kw_only=True)
class Database:
    """``declared`` are logins of service accounts that the inventory names, beside those that ``reading`` knows."""

    records: OdooRecords
    reading: Reading
    declared: frozenset[str] = frozenset()

    @cached_property
    def name(self) -> str:
        """What the system is called: as the user says, else the host of its address, else the database."""
        if self.reading.system:
            return self.reading.system
        url = url_of(self.records.url)
        return url.name if url is not None and not is_local(url.host) else self.records.database

    @cached_property
    def version(self) -> tuple[int, int]:
        """(18, 0) for ``18.0`` and ``saas~18.0``; (0, 0) when nobody knows."""
        found = _VERSION.search(self.records.version)
        return (int(found[1]), int(found[2] or 0)) if found and len(found[1]) < 4 else (0, 0)

    def fingerprint(self, secret: str) -> str:
        """The keyed print of a secret. A file of records has prints already, and they stay what they are."""
        return secret if _PRINT.fullmatch(secret) else self.reading.fingerprint(secret)

    def may_show(self, login: str) -> bool:
        """Is it a login that the inventory declares? Any other may be that of a person."""
        return bool(login) and (login in self.declared or self.reading.known(login))

    def rows(self, model: str) -> Iterator[tuple[int, Row]]:
        """(id, record) of a model; one without an id is left out."""
        for row in self.records.of(model):
            if (id_ := ident(row.get("id"))) is not None:
                yield id_, row

    def ref(self, model: str, id_: int) -> str:
        """The place of a record: ``odoo:<db>:<model>:<id>``."""
        return f"odoo:{self.records.database}:{model}:{id_}"

    @cached_property
    def coverage(self) -> Mapping[str, ModelCoverage]:
        """Coverage statements by model."""
        return {one.model: one for one in self.records.coverage}

    def readable(self, model: str) -> Readable:
        """How much of a model was seen; what nobody speaks of was not looked at."""
        known = self.coverage.get(model)
        if known is not None:
            return known.readable
        return "read" if model in self.records.records else "blocked"

    def sees(self, model: str, column: str) -> bool:
        """Could the account read this field of the model?"""
        known = self.coverage.get(model)
        if known is not None and known.fields:
            return column in known.fields
        return any(column in row for _, row in self.rows(model))

    def origin(self, model: str, id_: int) -> str | None:
        """The module that brought a record, ``hand`` for one that somebody made, None when that cannot be told."""
        module = self._modules.get((model, id_))
        if module is not None:
            return module
        told = model in _TOLD_BY_EXTERNAL_ID and self.readable("ir.model.data") == "read" and self._modules
        return HAND if told else None

    @cached_property
    def _modules(self) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        for _, row in self.rows("ir.model.data"):
            model, id_, module = technical(row.get("model")), ident(row.get("res_id")), text(row.get("module"))
            if model and id_ is not None:
                found.setdefault((model, id_), HAND if _NO_MODULE.fullmatch(module) else module)
        return found

    @cached_property
    def external_ids(self) -> dict[int, str]:
        """Groups by id: their external id, which no translation and no version changes."""
        return {
            id_: f"{text(row.get('module'))}.{text(row.get('name'))}"
            for _, row in self.rows("ir.model.data")
            if row.get("model") == "res.groups" and (id_ := ident(row.get("res_id"))) is not None
        }

    @cached_property
    def implied(self) -> dict[int, frozenset[int]]:
        """Groups by id -> the groups that they imply directly."""
        return {id_: idents(row.get("implied_ids")) for id_, row in self.rows("res.groups")}

    def groups_of(self, user: Row) -> frozenset[int] | None:
        """All groups of a user, implied ones too; None when they could not be read."""
        named = [
            name for name in ("all_group_ids", "group_ids", "groups_id") if isinstance(user.get(name), list | tuple)
        ]
        if not named:
            return None
        open_, known = [one for name in named for one in idents(user[name])], set()
        while open_:
            group = open_.pop()
            if group not in known:
                known.add(group)
                open_.extend(self.implied.get(group, ()))
        return frozenset(known)

    @cached_property
    def models(self) -> dict[int, str]:
        """``ir.model`` by id -> technical name: a many2one shows a translated one."""
        return {id_: name for id_, row in self.rows("ir.model") if (name := technical(row.get("model")))}

    @cached_property
    def authors(self) -> dict[str, str]:
        """Installed modules -> author, as its manifest says."""
        installed = ("installed", "to upgrade", "to remove")
        return {
            name: text(row.get("author"))
            for _, row in self.rows("ir.module.module")
            if row.get("state") in installed and (name := technical(row.get("name")))
        }

    def is_stock(self, origin: str | None) -> bool | None:
        """Did Odoo itself ship what comes from there? None when nobody can tell."""
        if origin is None:
            return None
        if origin == HAND:
            return False
        author = self.authors.get(origin)
        if author is None:
            return None
        named = {re.sub(r"[^a-z]", "", part.lower()) for part in author.split(",")}
        return not named.isdisjoint(_ODOO) and not any("community" in part for part in named)

    def seen(
        self,
        model: str,
        id_: int,
        *,
        mechanism: str = "",
        kind: SeenKind = "interface",
        name: str = "",
        key: InterfaceKey | None = None,
        provider: str = "",
        called: bool = False,
        secret: str = "",
        values: Mapping[str, Any] | None = None,
        figures: Mapping[str, Any] | None = None,
        confidence: float = 1.0,
    ) -> Seen:
        """A sighting of one record. ``called``: Odoo is the consumer; ``secret`` is a fingerprint of what it signs in
        with. Figures that are None are left out."""
        told: dict[str, Any] = {"record": model, "origin": self.origin(model, id_), **(figures or {})}
        if mechanism:
            told |= {"mechanism": mechanism, "odoo_calls": called}
        consumers = (SeenConsumer(name=self.name, secret=secret or None),) if called else ()
        return Seen(
            source=SOURCE,
            ref=self.ref(model, id_),
            kind=kind,
            at=self.records.taken.date(),
            name=name,
            key=key,
            provider=provider,
            consumers=consumers,
            environment=self.reading.environment,
            values={key_: value for key_, value in (values or {}).items() if value is not None},
            figures={key_: value for key_, value in told.items() if value is not None},
            secret="" if called else secret,
            confidence=confidence,
        )
