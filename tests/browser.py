"""A headless browser without a driver: what a page has become once its scripts ran, and how it looks."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.needs import require

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    # A page under test is a local file: nothing may be looked up, fetched or kept.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND"),
)


def dom(page: Path, *flags: str, fragment: str = "") -> str:
    """The page's HTML after its scripts have run."""
    return _run(page, "--dump-dom", *flags, fragment=fragment)


def screenshot(page: Path, png: Path, *flags: str, size: str = "1280,900", fragment: str = "") -> Path:
    """A picture of the page, for a person to look at."""
    options = (f"--screenshot={png}", f"--window-size={size}", "--hide-scrollbars")
    _run(page, *options, *flags, fragment=fragment)
    return png


def _run(page: Path, *flags: str, fragment: str) -> str:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        run = (f"--user-data-dir={profile}", "--virtual-time-budget=5000", *flags)
        address = page.resolve().as_uri() + (f"#{fragment}" if fragment else "")
        command = [str(require("chromium")), *FLAGS, *run, address]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout
