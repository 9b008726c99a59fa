"""The HTML report in a real browser."""

import pytest

from browser import chromium
from stanch.finding.render.html import render_html

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(leaky_report, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_html(leaky_report))
    return path


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(params=[("light", 1200), ("dark", 1200), ("light", 390)], ids=["light", "dark", "phone"])
def page(request, browser, page_file):
    scheme, width = request.param
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("request", lambda asked: page.complaints.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    page.goto(page_file.as_uri())
    yield page
    page.close()


def test_the_page_opens_without_a_complaint_and_fits_the_screen(page):
    assert "password hash" in page.inner_text("h1")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.complaints == []


def test_reasons_unfold_one_by_one_and_together(page):
    first = page.locator(".card details").first
    assert first.locator(".bars").is_hidden()
    first.locator("summary").click()
    assert first.locator(".bars").is_visible()
    page.click("#unfold")
    page.click("#unfold")
    assert page.locator(".card details[open]").count() == page.locator(".card details").count()


def test_the_table_filters_and_sorts(page):
    rows = page.locator("#fields tbody tr:visible")
    everything = rows.count()
    page.fill("#filter", "password_hash excessive")
    assert 0 < rows.count() < everything
    assert page.inner_text("#shown") == f"{rows.count()} of {everything}"
    page.fill("#filter", "")
    page.click("th:nth-child(5) button")
    numbers = [int(text) for text in page.locator("#fields tbody td:nth-child(5)").all_inner_texts()]
    assert numbers == sorted(numbers)


def test_text_stands_out_from_its_ground(page):
    """Source: WCAG 2.2, success criterion 1.4.3: 4.5 to 1."""
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('h1,h1 em,p,li,small,code,summary span,td,.pill,th button,footer')]
            .filter(e => e.offsetParent && e.textContent.trim())
            .map(e => {
                const clear = 'rgba(0, 0, 0, 0)';
                let ground = e;
                while (ground && getComputedStyle(ground).backgroundColor === clear) ground = ground.parentElement;
                return [getComputedStyle(e).color, getComputedStyle(ground || document.body).backgroundColor];
            })"""
    )
    assert min(contrast(*pair) for pair in {tuple(pair) for pair in pairs}) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(text) / 255 for text in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
