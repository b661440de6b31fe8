"""Redaction: a table of shapes, and two laws: no known secret survives, JSON stays JSON."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import Location
from retailctl.model.finding import Finding
from retailctl.model.redaction import _SHAPE, MASK, Redactor, _has_hint, redact, secret_values

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}\n{KEY}\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgres://etl:hunter2@db/x", "postgres://etl:***@db/x"),
        ("https://u:p@ss@host/p?x=1", "https://u:***@host/p?x=1"),
        ("key AKIAIOSFODNN7EXAMPLE.", "key ***."),
        ("stripe sk_live_4eC39HqLyjWDarjtT1", "stripe ***"),
        ("ghp_" + "a1B2" * 9, "***"),
        ("slack xoxb-1234-abcdef", "slack ***"),
        (f"jwt {JWT} end", "jwt *** end"),
        (PEM, "-----BEGIN RSA PRIVATE KEY-----***"),
        (f"-----BEGIN PRIVATE KEY-----\n{KEY}\n", "-----BEGIN PRIVATE KEY-----***\n"),
        ("password=hunter2&x=1", "password=***&x=1"),
        ("db_password = 'hunter2'", "db_password = '***'"),
        ("API_KEY=abc token=def; secret=g", "API_KEY=*** token=***; secret=***"),
        ("Authorization: Bearer abc123def", "Authorization: Bearer ***"),
        ("password: hunter2", "password: ***"),
        ('{"password": "correct"}', '{"password": "***"}'),
    ],
)
def test_a_secret_is_masked_and_its_surroundings_stay(text: str, clean: str) -> None:
    assert redact(text) == clean
    assert redact(clean) == clean, "once is enough"


@pytest.mark.parametrize(
    "text",
    [
        "token: must be set",
        "password: ${DB_PASSWORD}",
        "token: env:SHOP_TOKEN",
        "https://shop.example/orders:export@v2",
        "git@example.org:team/repo",
        "SEC-06 credential.vault is null",
        "the bearer of bad news",
        "eyJust a word",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


def test_secret_variables_are_known_by_name_and_short_values_are_not_secrets() -> None:
    environ = {
        "SHOP_TOKEN": "abcdef-1",
        "DB_PASSWORD": "short",
        "HOME": "/home/ada",
        "RETAILCTL_KEY": f"x\n{KEY}",
    }
    assert set(secret_values(environ)) == {"abcdef-1", f"x\n{KEY}", KEY}
    assert redact("got abcdef-1 at /home/ada", environ) == "got *** at /home/ada"


secrets = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), min_size=6, max_size=30).filter(
    lambda text: len(text.strip()) >= 6
)
padding = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(secrets, padding, padding)
def test_no_secret_survives_in_text(secret: str, before: str, after: str) -> None:
    environ = {"ANY_SECRET": secret}
    assert secret.strip() not in redact(before + secret + after, environ)


@given(secrets, padding, padding, st.booleans())
def test_no_secret_survives_in_json_and_json_stays_json(secret: str, before: str, after: str, ascii_only: bool) -> None:
    document = {"a": [before + secret + after, 12345678, None], before + secret: {"b": secret}, "n": 1.5}
    clean = Redactor(secret_values({"ANY_SECRET": secret})).json(json.dumps(document, ensure_ascii=ascii_only))
    read = json.loads(clean)
    assert read["n"] == 1.5
    assert not [text for text in _texts(read) if secret.strip() in text and not text.replace("_", "").isalpha()]


PIECES = [*"=: '\"@/-_.1aZ", "\n", "://", "password", "token", "api-key", "Bearer ", "eyJ", "AKIA", "xoxb-"]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_the_cheap_questions_miss_nothing(parts: list[str]) -> None:
    text = "".join(parts)
    if not _has_hint(text):
        assert not _SHAPE.search(text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []


def test_a_report_is_redacted_before_it_is_rendered() -> None:
    redactor = Redactor(["s3cret-value"])
    finding = Finding(
        rule="R",
        name="n",
        verdict="fail",
        severity="warn",
        subject="x",
        message="is s3cret-value",
        locations=(Location("a/s3cret-value.yaml", 3), Location("b.yaml")),
    )
    clean: Any = redactor.value({"s3cret-value": [finding, 7, None], "n": 1.5})
    (key, (masked, seven, nothing)), (_, number) = clean.items()
    assert (key, seven, nothing, number) == ("***", 7, None, 1.5)
    assert masked == replace(finding, message="is ***", locations=(Location("a/***.yaml", 3), Location("b.yaml")))
    assert redactor.value(masked) is masked, "what is clean is not copied"


def test_json_masks_inside_strings_only() -> None:
    redactor = Redactor(["123456", '": "x', "severity"])
    text = '{"severity": "severity 123456", "count": 123456, "a": "x"}'
    assert redactor.json(text) == '{"severity": "*** ***", "count": 123456, "a": "x"}'
    assert Redactor().json('{"db_password": "correct", "token": "env:X"}') == '{"db_password": "***", "token": "env:X"}'


def test_clean_text_is_cheap_and_nothing_is_quadratic() -> None:
    redactor = Redactor([f"secret-value-{n}" for n in range(20)])
    clean = '{"rule": "OWN-01", "subject": "pos-sales", "message": "has no owner at https://x.example/a"}\n' * 20_000
    for text in (clean, "://" + "a" * 200_000, "password=" * 20_000, "-----BEGIN PRIVATE KEY-----" * 3_000):
        start = time.process_time()
        redactor.json(text)
        assert time.process_time() - start < 5
    assert redactor.json(clean) is clean
    assert redactor.text(f"x {MASK} y") == f"x {MASK} y"
