"""Fixtures for all tests, and how hypothesis runs: searching on a desk, equal examples in CI, at length when asked."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from retailctl.api.options import AuditOptions
from retailctl.model.report import Report
from tests.needs import ROOT, require

AS_OF = date(2026, 11, 20)

settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

# Hundreds of processes are started: each would compile the whole package for itself, which takes longer than most work.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts its background jobs so, and what is ignored stays ignored in the children that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real data to measure against; the test is skipped where it is absent."""
    return require("corpus")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser that opens HTML reports; see ``tests.browser`` for driving it."""
    return require("chromium")


@pytest.fixture(scope="session")
def reference_report() -> Report:
    """The audit of the reference estate, the repository itself, on its fixed day."""
    from retailctl import api

    return api.audit(ROOT, AuditOptions(as_of=AS_OF, use_cache=False, picture=True))
