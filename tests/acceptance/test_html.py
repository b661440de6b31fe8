"""The HTML report of our own estate in a real browser: two widths, light and dark, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retailctl.model.report import Report
from retailctl.report.formats import render
from retailctl.report.options import RenderOptions
from tests.devtools import Page, browser
from tests.unit.report.parallel_sample import busy_parallel_report

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("html")]

VISIBLE = """[...document.querySelectorAll("#findings details.rule tbody tr")]
    .filter(row => !row.hidden && !row.closest("details").hidden).length"""
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def report(reference_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "audit.html"
    path.write_text("".join(render(reference_report, "html", RenderOptions(include_waived=True))), "utf-8")
    return path


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as page:
        yield page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_opens_quietly_and_fits(page: Page, report: Path, width: int, dark: bool) -> None:
    page.open(report, width=width, dark=dark)
    assert page.messages == []
    assert page.requests == [report.resolve().as_uri()]
    assert page.ask(OVERFLOW) <= 0
    assert page.ask("matchMedia('(prefers-color-scheme: dark)').matches") is dark
    assert page.ask(VISIBLE) > 40


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_still_fits_with_every_rule_open(page: Page, report: Path, width: int) -> None:
    page.open(report, width=width)
    page.ask("document.querySelectorAll('details').forEach(block => { block.open = true; })")
    assert page.ask(OVERFLOW) <= 0


@pytest.mark.parametrize("width", [1280, 400])
def test_no_cell_runs_into_the_next(page: Page, report: Path, width: int) -> None:
    page.open(report, width=width)
    page.ask("document.querySelectorAll('details').forEach(block => { block.open = true; })")
    cells = "[...document.querySelectorAll('#findings td')].filter(cell => cell.scrollWidth > cell.clientWidth + 1)"
    assert page.ask(f"{cells}.map(cell => cell.textContent)") == []


def test_light_and_dark_differ_and_are_legible(page: Page, report: Path) -> None:
    """Contrast of the text to its page of at least 7 to 1, in both."""
    grounds = set()
    for dark in (False, True):
        page.open(report, width=1280, dark=dark)
        ground, text = (page.ask(f"getComputedStyle(document.body).{name}") for name in ("backgroundColor", "color"))
        assert contrast(ground, text) >= 7
        grounds.add(ground)
    assert len(grounds) == 2


def test_the_filter_finds_a_rule(page: Page, report: Path) -> None:
    page.open(report, width=1280)
    total = page.ask(VISIBLE)
    page.ask("document.getElementById('f-rule').value = 'SEC-12'")
    page.ask("document.getElementById('filters').dispatchEvent(new Event('input', {bubbles: true}))")
    assert page.ask(VISIBLE) == 3  # two clear-text interfaces, and one of which nobody knows
    page.ask("document.getElementById('f-clear').click()")
    assert page.ask(VISIBLE) == total
    page.ask("document.getElementById('f-text').value = 'terracotta'")
    page.ask("document.getElementById('filters').dispatchEvent(new Event('input', {bubbles: true}))")
    assert 0 < page.ask(VISIBLE) < total
    assert page.messages == []


def test_the_map_tells_what_a_system_talks_to(page: Page, report: Path) -> None:
    page.open(report, width=1280)
    before = page.ask("document.getElementById('map-detail').textContent")
    page.ask("document.querySelector('#map-svg [data-n]').dispatchEvent(new FocusEvent('focusin', {bubbles: true}))")
    page.ask("document.querySelector('#map-svg [data-n]').dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))")
    assert page.ask("document.getElementById('map-detail').textContent") != before


def test_without_scripts_everything_is_there(page: Page, report: Path) -> None:
    page.open(report, width=400, script=False)
    assert page.messages == []
    assert page.ask("document.documentElement.classList.contains('js')") is False
    assert page.ask("document.getElementById('filters').hidden") is True  # what would not work is not shown
    assert page.ask(VISIBLE) > 40
    assert page.ask("document.querySelector('#map-svg [data-n]') !== null") is True
    assert page.ask(OVERFLOW) <= 0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A parallel run with as much as a page may have to hold, every part of it unfolded."""
    path = tmp_path_factory.mktemp("html") / "run.html"
    text = "".join(render(busy_parallel_report(), "html"))
    path.write_text(text.replace("<details", "<details open"), "utf-8")
    return path


TEXTS = """[...document.querySelectorAll("main *")].filter(one => one.checkVisibility() && !one.closest("svg")
    && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))"""
PALE = f"""{TEXTS}.map(one => {{
    let under = one;
    while (under && getComputedStyle(under).backgroundColor === "rgba(0, 0, 0, 0)") under = under.parentElement;
    return [one.textContent.trim().slice(0, 40), getComputedStyle(one).color, getComputedStyle(under || document.body).backgroundColor];
}})"""
OUTSIDE = f"""{TEXTS}.filter(one => {{
    const box = one.getBoundingClientRect(), scrolls = one.closest(".scroll, .sheet");
    return one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline" || !scrolls && box.right > innerWidth + 1;
}}).map(one => one.textContent.slice(0, 60))"""
OVERLAP = """[...document.querySelectorAll(".parallel tr, .run tr")].filter(row => row.checkVisibility()).flatMap(row => {
    const boxes = [...row.children].filter(one => one.checkVisibility() && one.textContent.trim()).map(one => one.getBoundingClientRect());
    return boxes.some((a, i) => boxes.some((b, j) => j > i && a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - 1 && b.top < a.bottom - 1)) ? [row.textContent.slice(0, 60)] : [];
})"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 400])
def test_a_run_fits_is_legible_and_nothing_overlaps(page: Page, run: Path, width: int, dark: bool) -> None:
    page.open(run, width=width, dark=dark, script=not dark)
    assert (page.messages, page.requests) == ([], [run.resolve().as_uri()])
    assert page.ask(OVERFLOW) <= 0
    assert page.ask(OUTSIDE) == []
    assert page.ask(OVERLAP) == []
    seen = page.ask(PALE)
    assert len(seen) > 500
    assert [(text, text_of, ground) for text, text_of, ground in seen if contrast(text_of, ground) < 4.5] == []
    shown = page.ask(
        "[...document.querySelectorAll('.bridge .plot svg')].some(one => one.getBoundingClientRect().width > 150)"
    )
    assert shown is True


def test_a_run_fits_on_paper(page: Page, run: Path) -> None:
    page.open(run, width=794)  # A4 at 96 dots an inch
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert page.ask(OVERFLOW) <= 0
        assert page.ask(OVERLAP) == []
    finally:
        page.call("Emulation.setEmulatedMedia", media="")


def contrast(one: str, two: str) -> float:
    """Contrast of two colours as WCAG has it."""
    first, second = sorted((luminance(one), luminance(two)))
    return (second + 0.05) / (first + 0.05)


def luminance(colour: str) -> float:
    channels = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
