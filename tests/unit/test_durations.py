"""Durations and schedules as people write them."""

from __future__ import annotations

import pytest

from retailctl.model.durations import interval_minutes, minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14d", 20160),
        ("15m", 15),
        ("2h", 120),
        ("window 7d", 10080),
        ("90s", 2),
        ("1.5h", 90),
        ("offset", None),
        ("v2d", None),
    ],
)
def test_minutes(text: str, expected: int | None) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("*/5 * * * *", 5),
        ("0 2 * * *", 1440),
        ("0 */4 * * *", 240),
        ("0,30 * * * *", 30),
        ("0 8-18 * * *", 60),
        ("0 3 * * 1", 10080),
        ("0 3 * * 1-5", 1440),
        ("0 3 1 * *", 28 * 1440),
        ("@hourly", 60),
        ("15m", 15),
        ("every 15 m", 15),
        ("after close of day", None),
        ("*/0 * * * *", None),
    ],
)
def test_interval_is_the_shortest_pause_between_two_runs(schedule: str, expected: int | None) -> None:
    assert interval_minutes(schedule) == expected
