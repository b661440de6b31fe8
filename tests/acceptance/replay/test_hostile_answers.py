"""Services that answer as nobody should: no traceback, no pass that is none, and no wait without end."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.replay import Asked, Behaviour, Reply, replayed

REQUESTS: list[dict[str, Any]] = [{"url": f"/orders/{number}"} for number in range(1)]
PLAN: dict[str, Any] = {"noise": {"pairs": 0}, "timeout": 1.5, "max_body_kib": 64, "workers": 1}


def body(data: bytes, *headers: tuple[str, str]) -> Behaviour:
    return lambda _: Reply(data, 200, headers)


def late(asked: Asked) -> Reply:
    time.sleep(2.0)
    return Reply({})


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    ("new", "verdict", "rules"),
    [
        (body(b"x" * 70_000), "unknown", {"RPL-13"}),
        (body(gzip.compress(b"0" * 5_000_000, mtime=0), ("Content-Encoding", "gzip")), "unknown", {"RPL-13"}),
        (body(b'{"a": 1}', ("Content-Encoding", "gzip")), "unknown", {"RPL-13"}),
        (body(b'{"a": 1}', ("Content-Length", "3")), "unknown", {"RPL-13"}),
        (late, "unknown", {"RPL-13"}),
        (body(deep(5_000)), "fail", {"RPL-08"}),
        (body(b'{"a": "\xff\xfe"}'), "fail", {"RPL-08"}),
        (body(b'{"a": 1, "a": 1}'), "fail", {"RPL-10"}),
        (body(b'{"a": NaN}'), "fail", {"RPL-08"}),
        (body(b'{"a": 1' + b"0" * 6_000 + b"}"), "fail", {"RPL-08"}),
        (
            body(json.dumps({f"k{number}": number for number in range(3_000)}).encode()),
            "fail",
            {"RPL-05", "RPL-06", "RPL-07"},
        ),
        (body(b'{"a": 1}', ("Content-Type", "text/html\t" + "x" * 2000)), "fail", {"RPL-04"}),
        (body(b"\x1b[2J"), "fail", {"RPL-08"}),
        (lambda _: Reply({"a": 1}, 999), "fail", {"RPL-03"}),
    ],
)
def test_a_hostile_service_is_told_in_a_sentence(new: Behaviour, verdict: str, rules: set[str], tmp_path: Path) -> None:
    report, *_ = replayed(tmp_path, body(b'{"a": 1}'), new, REQUESTS, **PLAN)
    assert report.summary.verdict == verdict
    assert {one.rule for one in report.findings} - {"RPL-14"} == rules
    assert len(report.findings) < 3_100
    assert not any("\x1b" in one.message for one in report.findings)
