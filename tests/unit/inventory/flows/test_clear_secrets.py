"""What is a secret in clear, and what only has the name of one."""

from __future__ import annotations

import pytest

from retailctl.inventory.flows.clear_secrets import account_of, in_text, in_value, is_secret
from retailctl.inventory.flows.path_shapes import random_segments, template_of


@pytest.mark.parametrize(
    "name", ["password", "DB_PASSWORD", "apiKey", "client_secret", "X-Api-Key", "Authorization", "accessToken"]
)
def test_a_setting_of_that_name_holds_one(name: str) -> None:
    assert is_secret(name, "abc-1234")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "${PASSWORD}"), ("password", "={{ $json.pw }}"), ("password", "***"), ("password", "changeme"),
        ("password", "YOUR_PASSWORD"), ("password", "<your-password>"), ("token", "true"), ("token", ""), ("token", 7),
        ("TOKEN_URL", "https://idp.example"), ("PASSWORD_FILE", "/run/secrets/x"), ("TOKEN_TTL", "3600"),
        ("SECRET_NAME", "db-login"), ("MAX_TOKENS", "4096"), ("tokenType", "bearer"), ("keyboard", "qwerty"),
        ("password", "vault:kv/db"), ("Authorization", "Bearer {{ $json.t }}"),
    ],
)  # fmt: skip
def test_a_reference_or_a_switch_is_none(name: str, value: object) -> None:
    assert not is_secret(name, value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("const apiKey = 'abc-1';", [("apiKey", "abc-1")]),
        ('{"password": "abc-2", "user": "x"}', [("password", "abc-2")]),
        ("headers.set('Authorization', 'Bearer abc-3')", [("Authorization", "abc-3")]),
        ("crypto.scryptSync(password, 'salt', 32)", []),
        ("use sk_" + "live_0123456789 here", [("", "sk_live_0123456789")]),
        ("nothing to see", []),
    ],
)  # fmt: skip
def test_code_is_searched(text: str, found: list[tuple[str, str]]) -> None:
    assert list(in_text(text)) == found


def test_headers_are_pairs_and_each_secret_is_told_once() -> None:
    value = {"headers": {"parameters": [{"name": "X-Api-Key", "value": "abc-1"}, {"name": "Accept", "value": "json"}]},
             "again": {"apiKey": "abc-1"}, "deep": [[{"password": "abc-2"}]]}  # fmt: skip
    assert list(in_value(value)) == [("X-Api-Key", "abc-1"), ("password", "abc-2")]


def test_an_account_stands_beside_a_password() -> None:
    assert account_of({"DB_USER": "shop", "DB_PASSWORD": "x"}, "DB_PASSWORD") == "shop"
    assert account_of({"DB_USER": "${U}", "DB_PASSWORD": "x"}, "DB_PASSWORD") == ""
    assert account_of({}, "OTHER") == ""


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/orders/4711/lines", "/orders/{id}/lines"),
        ("/o/3b63a62a-bfb7-4fb4-a6ec-4c40dcb4d9f6", "/o/{id}"),
        ("/api/v2/orders", "/api/v2/orders"),
        ("/orders/S00042", "/orders/{id}"),
        ("/days/2026-11-20", "/days/{id}"),
        ("/customers/a@b.example", "/customers/{id}"),
        ("/api/search", "/api/search"),
        ("/", "/"),
    ],
)
def test_ids_become_parameters(path: str, template: str) -> None:
    assert template_of(path) == template


def test_words_can_be_guessed_and_random_segments_cannot() -> None:
    assert random_segments("/webhook/shop-orders/new") == []
    assert random_segments("/webhook/3b63a62a-bfb7-4fb4-a6ec-4c40dcb4d9f6/x") == [
        "3b63a62a-bfb7-4fb4-a6ec-4c40dcb4d9f6"
    ]


def test_a_secret_far_down_in_code_is_found_once() -> None:
    token = "sk_" + "live_0123456789"
    code = "\n".join(["const x = 1;"] * 2_000 + [f"const apiKey = '{token}';", f"use({token}x)"])
    assert list(in_text(code)) == [("apiKey", token), ("", f"{token}x")]
