"""Webhooks and callbacks: the provider sends, so requests are judged as answers are, and answers as requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.contracts.comparing import Raw, answer, body, changes, openapi, operation, thing, verdicts

TEXT = {"type": "string"}
ONE, NEEDED = thing(a=TEXT), {**thing(a=TEXT, b=TEXT), "required": ["b"]}


def webhook(**parts: Any) -> Raw:
    return openapi({}, webhooks={"paid": operation("post", "/x", **parts)["paths"]["/x"]})


def callback(**parts: Any) -> Raw:
    return operation("post", callbacks={"paid": {"{$url}": operation("post", "/x", **parts)["paths"]["/x"]}})


SENT = [webhook, callback]


@pytest.mark.parametrize("place", SENT)
@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        (ONE, NEEDED, "INFO"),
        (NEEDED, ONE, "ERR"),
        (thing(a=TEXT), thing(a={"type": "integer"}), "ERR"),
        ({**ONE, "required": ["a"]}, ONE, "ERR"),
        (ONE, {**ONE, "required": ["a"]}, "INFO"),
        (thing(a=TEXT), thing(a={"type": ["string", "null"]}), "ERR"),
        (thing(a={"type": ["string", "null"]}), thing(a=TEXT), "INFO"),
        (ONE, thing(), "WARN"),
    ],
)
def test_what_is_sent_is_an_answer(place: Callable[..., Raw], old: Raw, new: Raw, level: str) -> None:
    found = verdicts(place(**body(old)), place(**body(new)))
    assert list(found.values()) == [level]
    assert all("response" in id_ for id_ in found)


@pytest.mark.parametrize("place", SENT)
def test_what_is_answered_is_a_request(place: Callable[..., Raw]) -> None:
    assert list(verdicts(place(**answer(ONE)), place(**answer(NEEDED))).values()) == ["ERR"]
    assert list(verdicts(place(**answer(NEEDED)), place(**answer(ONE))).values()) == ["WARN"]


@pytest.mark.parametrize("place", SENT)
def test_the_direction_is_turned_round(place: Callable[..., Raw]) -> None:
    (one,) = changes(place(**body(ONE)), place(**body(NEEDED)))
    assert one.direction == "response"


def test_oasdiff_judges_webhooks_as_other_operations() -> None:
    (one,) = changes(webhook(**body(ONE)), webhook(**body(NEEDED)), naming="oasdiff")
    assert one.id == "new-required-request-property"


def test_a_webhook_that_is_gone_is_a_break() -> None:
    assert verdicts(webhook(), openapi({}, webhooks={})) == {"webhook-removed": "ERR"}
    assert verdicts(openapi({}, webhooks={}), webhook()) == {"webhook-added": "INFO"}
