"""The recorded servers, read whole: few calls, allow-listed methods and fields only (the fake fails on others)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.odoo.reading import read
from tests.support.fake_odoo.recording import Row, recorded
from tests.support.fake_odoo.server import serving

NARROWED = ("ir.model.data", "ir.module.module", "ir.model", "ir.logging", "res.users")
VERSIONS = ("16.0", "18.0", "19.0")
CASES = [(version, "jsonrpc", login) for version in VERSIONS for login in ("admin", "demo")] + [
    ("19.0", "json2", "admin")
]


@pytest.mark.parametrize(("version", "transport", "login"), CASES)
def test_a_recorded_server(corpus: Path, version: str, transport: str, login: str) -> None:
    recording = recorded(corpus / "odoo" / version)
    with serving(recording) as server:
        records, calls = read(server, transport, login)
    assert calls == len(server.paths)
    assert calls <= (60 if login == "admin" else 75)
    assert records.version == version
    readable = Counter(one.readable for one in records.coverage)
    rights = recording.rights[login]
    assert {one.model for one in records.coverage if one.readable == "blocked"} == {
        one.model for one in records.coverage if not rights.get(one.model, True)
    }
    if login == "admin":
        assert readable["blocked"] == readable["partial"] == 0
        for model, kept in recording.models.items():
            if model in records.records and model not in NARROWED:
                assert len(records.of(model)) == len(kept.rows), model
        assert records.companies == records.all_companies
    else:
        assert readable["blocked"] >= 11
        assert records.all_companies == ()


def test_five_thousand_actions_more(corpus: Path) -> None:
    recording = recorded(corpus / "odoo" / "19.0")
    actions = recording.models["ir.actions.server"].rows
    more: list[Row] = [{**actions[0], "id": 10_000 + number, "code": "x = 1\n" * 80} for number in range(5_000)]
    recording.models["ir.actions.server"].rows = [*actions, *more]
    with serving(recording) as server:
        records, calls = read(server, "json2", "admin")
    assert calls <= 70
    assert len(records.of("ir.actions.server")) == len(actions) + 5_000


@pytest.mark.parametrize("version", VERSIONS)
def test_the_deny_list_holds_for_every_recorded_field(corpus: Path, version: str) -> None:
    from retailctl.connect.odoo.denied import is_denied

    said = ("secret", "token", "passw", "_pass", "hmac", "uuid", "_key", "client_id", "cert", "credential", "oauth_uid")
    harmless = {"totp_enabled", "api_key_duration", "allow_tokenization", "support_tokenization"}
    found = 0
    for model, kept in recorded(corpus / "odoo" / version).models.items():
        for name in kept.fields:
            if any(word in name for word in said) and name not in harmless:
                found += 1
                assert is_denied(model, name), (model, name)
        assert not [name for name in kept.carried if is_denied(model, name)], model
    assert found >= 20
