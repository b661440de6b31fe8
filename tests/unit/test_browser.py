"""The browser the HTML tests rely on runs here, runs scripts, and reaches nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import dom, screenshot

PAGE = """<!doctype html><meta charset="utf-8"><p id="a">before</p>
<script>document.getElementById("a").textContent = "after " + location.hash + " Größe"</script>
<img src="https://example.com/pixel.png" onerror="document.body.dataset.image = 'refused'">
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.mark.slow
def test_scripts_run_and_the_network_is_shut(page: Path) -> None:
    html = dom(page, fragment="map")
    assert "after #map Größe" in html
    assert 'data-image="refused"' in html


@pytest.mark.slow
def test_a_screenshot_is_a_png(page: Path, tmp_path: Path) -> None:
    assert screenshot(page, tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
