"""What is never asked of an Odoo, and by whom: the list, and the guard before the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.connect.odoo.denied import denied_among, is_denied
from retailctl.connect.odoo.errors import OdooError
from retailctl.connect.odoo.pages import pages
from retailctl.connect.odoo.source import ReadOnlySource, Refused, Transport
from retailctl.inventory.odoo.allow_list import allow_list

VERSIONS = ("10.0", "15.0", "16.0", "17.0", "18.0", "18.3", "19.0", "22.0")


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("ir.mail_server", "smtp_pass"),
        ("fetchmail.server", "password"),
        ("payment.provider", "adyen_hmac_key"),
        ("payment.provider", "stripe_publishable_key"),
        ("base.automation", "webhook_uuid"),
        ("base.automation", "url"),
        ("ir.config_parameter", "value"),
        ("ir.logging", "message"),
        ("res.users", "oauth_access_token"),
        ("res.users.apikeys", "key"),
        ("auth.oauth.provider", "client_id"),
        ("webservice.backend", "oauth2_client_secret"),
        ("webservice.backend", "password_env_default"),
        ("queue.job", "kwargs"),
        ("x.model", "x_studio_AccessToken"),
        ("x.model", "clientsecret2"),
        ("sale.order", "partner_id.signup_token"),
        ("sale.order", "website_id.google_maps_api_key"),
    ],
)
def test_a_secret_is_denied(model: str, field: str) -> None:
    assert is_denied(model, field)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("res.groups", "api_key_duration"),
        ("res.users", "totp_enabled"),
        ("ir.config_parameter", "key"),
        ("sale.order", "name"),
        ("sale.order", "bypass_stock_check"),
        ("stock.picking", "shipping_weight"),
        ("account.move", "partner_id.vat"),
        ("website", "domain"),
    ],
)
def test_what_is_no_secret_is_not(model: str, field: str) -> None:
    assert not is_denied(model, field)


def test_a_condition_or_an_order_on_a_secret_asks_for_it_too() -> None:
    domain = ["|", ["name", "=", "a"], ["smtp_pass", "=like", "a%"]]
    assert denied_among("ir.mail_server", ["name"], domain, "id, smtp_pass desc") == ["smtp_pass"]
    assert denied_among("ir.mail_server", ["name"], [["id", ">", 0]], "id") == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_allow_list_names_no_denied_field(version: str) -> None:
    models = allow_list(version)
    assert len({one.model for one in models}) == len(models) >= 36
    for one in models:
        assert one.fields, one.model
        assert denied_among(one.model, one.fields, one.domain) == []
        assert one.cut <= set(one.fields)
        assert one.limited <= set(one.fields)


@pytest.mark.parametrize(
    ("model", "version", "there", "absent"),
    [
        ("ir.cron", "16.0", "numbercall", "failure_count"),
        ("ir.cron", "18.0", "failure_count", "numbercall"),
        ("res.users", "18.0", "groups_id", "group_ids"),
        ("res.users", "19.0", "group_ids", "groups_id"),
        ("base.automation", "16.0", "code", "action_server_ids"),
        ("base.automation", "19.0", "log_webhook_calls", "code"),
        ("res.users.apikeys", "18.0", "expiration_date", "key"),
    ],
)
def test_fields_follow_the_version(model: str, version: str, there: str, absent: str) -> None:
    fields = next(one.fields for one in allow_list(version) if one.model == model)
    assert there in fields
    assert absent not in fields


class Fake(ReadOnlySource):
    """Keeps what would be sent, and answers what it is told to."""

    transport: Transport = "jsonrpc"
    calls = 0

    def __init__(self, answer: Any = None, version: str = "18.0") -> None:
        super().__init__(version, "https://erp.example")
        self.sent: list[tuple[str, str, Mapping[str, Any]]] = []
        self.answer = answer

    def _send(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
        self.sent.append((model, method, named))
        return self.answer


@pytest.mark.parametrize(
    "method", ["write", "create", "unlink", "read", "search", "export_data", "name_search", "__init__", "read_group"]
)
def test_a_method_that_is_not_allowed_raises_before_anything_is_sent(method: str) -> None:
    source = Fake()
    with pytest.raises(Refused):
        source._call("res.users", method, {"fields": ["name"]})
    assert source.sent == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: s.search_read("ir.mail_server", [], ["name", "smtp_pass"], limit=1, order="id"),
        lambda s: s.search_read("ir.mail_server", [["smtp_pass", "like", "a"]], ["name"], limit=1, order="id"),
        lambda s: s.search_read("ir.mail_server", [], ["name"], limit=1, order="smtp_pass"),
        lambda s: s.search_read("ir.cron", [], [], limit=1, order="id"),
        lambda s: s.search_count("res.users", [["password", "!=", False]]),
    ],
)
def test_a_denied_field_raises_before_anything_is_sent(ask: Any) -> None:
    source = Fake([])
    with pytest.raises(Refused):
        ask(source)
    assert source.sent == []


@pytest.mark.parametrize(
    ("answer", "ask"),
    [
        ({}, lambda s: s.search_read("m", [], ["a"], limit=1, order="id")),
        ([1], lambda s: s.search_read("m", [], ["a"], limit=1, order="id")),
        ([{"id": "1"}], lambda s: s.search_read("m", [], ["a"], limit=1, order="id")),
        ([{"id": True}], lambda s: s.search_read("m", [], ["a"], limit=1, order="id")),
        ("5", lambda s: s.search_count("m", [])),
        (True, lambda s: s.search_count("m", [])),
        ([], lambda s: s.fields_get("m")),
        ({"a": 1}, lambda s: s.fields_get("m")),
        ([], lambda s: s.context_get()),
    ],
)
def test_an_answer_of_another_shape_is_an_error(answer: Any, ask: Any) -> None:
    with pytest.raises(OdooError, match="not the shape") as caught:
        ask(Fake(answer))
    assert caught.value.kind == "answer"


@pytest.mark.parametrize(
    ("version", "method"),
    [("16.0", "check_access_rights"), ("17.4", "check_access_rights"), ("18.0", "has_access"), ("19.0", "has_access")],
)
def test_rights_are_asked_for_in_the_way_of_the_version(version: str, method: str) -> None:
    source = Fake(True, version)
    assert source.has_access("ir.cron")
    assert [sent[1] for sent in source.sent] == [method]


def test_more_rows_than_asked_for_are_not_taken() -> None:
    assert len(Fake([{"id": n} for n in range(1, 9)]).search_read("m", [], ["a"], limit=3, order="id")) == 3


SECRET_WORDS = ("key", "secret", "token", "password", "passwd", "pass", "hmac", "uuid", "client_id", "credentials")
_PART = st.from_regex(r"[a-z]{1,6}[0-9]?", fullmatch=True)


@given(st.lists(_PART, max_size=3), st.sampled_from(SECRET_WORDS), st.lists(_PART, max_size=3), st.booleans())
def test_a_word_that_tells_a_secret_is_found_wherever_it_stands(
    before: list[str], word: str, after: list[str], upper: bool
) -> None:
    name = "_".join([*before, word, *after])
    assert is_denied("x.model", name.upper() if upper else name) or name == "api_key_duration"
    assert is_denied("x.model", f"partner_id.{name}")
    assert denied_among("x.model", [], [["partner_id." + name, "=", False]])


@given(st.lists(st.integers(1, 4_000), unique=True, max_size=60), st.integers(1, 9))
def test_pages_give_every_row_once_and_in_order(ids: list[int], batch: int) -> None:
    class Rows(Fake):
        def _send(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
            after = named["domain"][-1][2]
            return [{"id": number} for number in sorted(ids) if number > after][: named["limit"]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retailctl.connect.odoo.pages.BATCH", batch)
        assert [row["id"] for row in pages(Rows(), "m", [], ["a"])] == sorted(ids)


@pytest.mark.parametrize("ids", [[2, 1], [1, 1]])
def test_a_server_that_does_not_keep_to_the_order_is_left(ids: list[int]) -> None:
    with pytest.raises(OdooError, match="does not keep to the order"):
        list(pages(Fake([{"id": number} for number in ids]), "m", [], ["a"]))


def test_a_server_that_gives_the_same_page_for_ever_is_left() -> None:
    with pytest.raises(OdooError, match="does not keep to the order"):
        list(pages(Fake([{"id": number} for number in range(1, 1_001)]), "m", [], ["a"]))
