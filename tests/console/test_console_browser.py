"""In a real browser: nothing is blocked by the page's own policy, pages follow the journal by themselves, everything works without script."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from console_stage import report_bytes

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (scripts/system-packages)")]
PAGES = ["", "/tasks", "/leak", "/time", "/messages", "/evidence", "/people", "/journal"]
sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    """Serve a staged console; give its address and the one-time link."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "report.json").write_bytes(report_bytes())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STANCH_", "DJANGO_"))}
    command = [sys.executable, Path(__file__).with_name("browser_child.py"), folder / "data", str(port), folder / "report.json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        link = child.stdout.readline().strip()
        address = link.rpartition("/setup/")[0]
        wait_for(f"{address}/healthz")
        yield address, link, folder
        child.terminate()
        child.stdout.close()
        assert link.rpartition("/")[2] not in child.stderr.read()


def wait_for(url):
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the console did not start")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def signed_in(browser, console):
    """Sign in once by the link; give what the browser holds."""
    _, link, _ = console
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.click("button.primary")
    page.wait_for_url("**/incidents")
    state = context.storage_state()
    context.close()
    return state


def watched(page):
    """Collect what the browser complains about, and every address that is not the console's own."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(("http://127.0.0.1", "data:")) else None)
    return complaints


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_no_page_breaks_its_own_policy_or_runs_over_the_edge(browser, console, signed_in, scheme, width):
    address, _, _ = console
    context = browser.new_context(storage_state=signed_in, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints = watched(page)
    for path in [*(f"/incidents/INC-1{p}" for p in PAGES), "/incidents", "/declare", "/members", "/connections", "/me", "/accounts/2fa/"]:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1, h2").first.is_visible(), path
    assert complaints == []
    context.close()


def test_the_front_page_follows_the_journal_by_itself(browser, console, signed_in):
    address, _, _ = console
    context = browser.new_context(storage_state=signed_in)
    looking, writing = context.new_page(), context.new_page()
    looking.goto(f"{address}/incidents/INC-1")
    assert looking.locator(".tile.leaking").is_visible()
    writing.goto(f"{address}/incidents/INC-1")
    writing.get_by_text("Record a containment").click()
    writing.fill("#contain-policy", "comment-author-leak")
    writing.fill("#contain-target", "gateway")
    writing.locator("form[action$='/do/contain'] button").click()
    looking.locator(".tile.claimed").wait_for(timeout=15_000)
    assert "comment-author-leak" in looking.locator(".tile.claimed").inner_text()
    context.close()


def test_one_key_leads_to_each_page(browser, console, signed_in):
    address, _, _ = console
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{address}/incidents/INC-1")
    page.keyboard.press("t")
    page.wait_for_url("**/tasks")
    page.keyboard.press("j")
    page.wait_for_url("**/journal")
    page.locator("#note-text").focus()
    page.keyboard.type("note")
    assert page.url.endswith("/journal")
    context.close()


def test_an_incident_is_led_without_any_script(browser, console, signed_in):
    address, _, folder = console
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/declare")
    page.set_input_files("input[type=file]", folder / "report.json")
    page.locator("form[enctype] button").click()
    assert page.url.endswith("/incidents/INC-2")
    page.fill("input[name=answer]", "Mask the fields")
    page.locator(".decide button").click()
    page.fill("#note-text", "Written without script")
    page.locator("form[action$='/do/note'] button").click()
    page.goto(f"{address}/incidents/INC-2/tasks")
    first = page.locator("#assemble")
    first.locator("summary").click()
    first.locator("form[action$='/do/finish'] button").click()
    page.goto(f"{address}/incidents/INC-2/journal")
    text = page.locator(".log").inner_text()
    for said in ("Decided: Mask the fields", "Written without script", "Done: Open the response channel"):
        assert said in text
    context.close()
