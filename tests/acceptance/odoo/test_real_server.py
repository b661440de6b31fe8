"""A real Odoo, where RETAILCTL_TEST_ODOO_* name one: reads only; shapes and limits, not row counts."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from retailctl.connect.odoo.addresses import server_address
from retailctl.connect.odoo.denied import is_denied
from retailctl.connect.odoo.opening import open_source
from retailctl.connect.odoo.source import METHODS, Login, ReadOnlySource
from retailctl.connect.odoo.wire import Wire
from retailctl.inventory.odoo.allow_list import allow_list
from retailctl.inventory.odoo.reading import read_records

NAMES = ("URL", "DB", "LOGIN", "PASSWORD")
GIVEN = {name: os.environ.get(f"RETAILCTL_TEST_ODOO_{name}", "") for name in NAMES}
ORIGIN = {"module", "name", "model", "res_id"}


@pytest.mark.skipif(not all(GIVEN.values()), reason="RETAILCTL_TEST_ODOO_URL, _DB, _LOGIN and _PASSWORD name no server")
@pytest.mark.parametrize("wanted", ["jsonrpc", "json2"])
def test_a_real_server(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, tuple[str, ...]]] = []
    send = ReadOnlySource._call

    def noted(self: ReadOnlySource, model: str, method: str, named: dict[str, object]) -> object:
        fields = named.get("fields")
        asked.append((model, method, tuple(fields) if isinstance(fields, list) else ()))
        return send(self, model, method, named)

    monkeypatch.setattr(ReadOnlySource, "_call", noted)
    secret = GIVEN["PASSWORD"]
    is_key = len(secret) == 40 and secret.isalnum()
    if wanted == "json2" and not is_key:
        pytest.skip("JSON-2 needs an API key in RETAILCTL_TEST_ODOO_PASSWORD")
    wire = Wire(server_address(GIVEN["URL"], allow_plaintext=True))
    try:
        source = open_source(
            wire,
            GIVEN["DB"],
            "auto" if wanted == "json2" else "jsonrpc",
            lambda _: Login(GIVEN["LOGIN"], secret, is_key),
        )
        records = read_records(source, url=wire.server.url, database=GIVEN["DB"], taken=datetime.now(UTC))
    finally:
        wire.close()
    assert source.calls <= 75
    assert {method for _, method, _ in asked} <= METHODS
    listed = {one.model: set(one.fields) for one in allow_list(source.version)}
    for model, method, fields in asked:
        if method == "search_read" and not model.startswith("ir.model."):
            assert set(fields) <= listed[model]
        assert not [name for name in fields if is_denied(model, name)]
    assert records.account
    assert {one.readable for one in records.coverage} <= {"read", "partial", "blocked", "absent"}
    for model, rows in records.records.items():
        assert [row["id"] for row in rows] == sorted({row["id"] for row in rows}), model
        for row in rows:
            assert set(row) <= {"id", *listed.get(model, ORIGIN)}
