"""Fixtures for all tests, and how hypothesis runs: searching on a desk, equal examples in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.needs import require

settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real data to measure against; the test is skipped where it is absent."""
    return require("corpus")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser that opens HTML reports; see ``tests.browser`` for driving it."""
    return require("chromium")
