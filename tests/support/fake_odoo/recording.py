"""What a fake Odoo serves: models with their fields and rows, rights of two accounts, and answers as recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Rule = Callable[[Row, int], bool]
USER = "base.group_user"


@dataclass
class Model:
    """``fields`` are those of ``fields_get`` for an administrator; ``carried`` those that rows have."""

    fields: dict[str, dict[str, Any]]
    carried: list[str]
    rows: list[Row] = field(default_factory=list)


@dataclass
class Recording:
    """``rights``: account -> model -> may read. ``rules``: which rows an account sees. ``answers``: recorded ones."""

    version: str
    models: dict[str, Model]
    rights: dict[str, dict[str, bool]]
    accounts: dict[str, int]
    answers: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return "odoo" + self.version.partition(".")[0]

    def with_fields_model(self) -> Recording:
        """Add ``ir.model.fields``, which is not recorded: it is made of the fields of all models."""
        names = [(model, name) for model, kept in self.models.items() for name in kept.fields]
        rows = [{"id": number, "model": model, "name": name} for number, (model, name) in enumerate(names, 1)]
        text = {"type": "char", "string": "", "store": True}
        fields = {"id": {"type": "integer", "store": True}, "model": text, "name": text}
        self.models["ir.model.fields"] = Model(fields, ["id", "model", "name"], rows)
        self.rights["admin"]["ir.model.fields"] = True
        return self


def recorded(folder: Path) -> Recording:
    """The recording of one version of the corpus."""
    models, version = {}, folder.name
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        models[data["model"]] = Model(data["fields_get"], data["record_fields"], data["records"])
    protocol = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((folder / "protocol").glob("*.json"))}
    rights: Mapping[str, Any] = protocol.pop("access_rights")
    users = {row["login"]: row["id"] for row in models["res.users"].rows}
    accounts = {name: users[name] for name in ("admin", "demo")}
    return Recording(
        version, models, {name: dict(rights[name]) for name in accounts}, accounts, protocol
    ).with_fields_model()
