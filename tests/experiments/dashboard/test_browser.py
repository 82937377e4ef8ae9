"""The dashboard in a real browser: every page, by mouse and by keyboard, wide and narrow, light and dark."""

from __future__ import annotations

import re
from typing import Any

import pytest

from experiments.dashboard.pages import PAGES
from tests.experiments.dashboard.conftest import WIDE, Board, kept, settled

PATHS = [page.PATH for page in PAGES]


def bars(page: Any) -> list[float]:
    script = """() => {
      const plot = document.querySelector("#ask-figure .js-plotly-plot");
      if (!plot || !plot._fullData || !plot._fullData.length) return [];
      return Array.from(plot._fullData[0].x, Number);
    }"""
    return page.evaluate(script)


def wait_for_bars(page: Any, other: list[float] | None = None) -> list[float]:
    script = """other => {
      const plot = document.querySelector("#ask-figure .js-plotly-plot");
      if (!plot || !plot._fullData || !plot._fullData.length) return false;
      return JSON.stringify(Array.from(plot._fullData[0].x, Number)) !== JSON.stringify(other);
    }"""
    page.wait_for_function(script, arg=other or [])
    return bars(page)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_loads_without_a_serious_fault_of_accessibility(board: Board, page: Any, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.goto(board.address + path)
    settled(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    kept(page, f"{path.strip('/')}-wide")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        said = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found]
        assert said == [], scheme


@pytest.mark.parametrize("path", PATHS)
def test_every_page_loads_narrow_and_dark(board: Board, small_page: Any, path: str) -> None:
    small_page.goto(board.address + path)
    settled(small_page)
    assert small_page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out"
    kept(small_page, f"{path.strip('/')}-narrow-dark")


def test_an_empty_store_says_what_to_do(empty_board: Board, page: Any) -> None:
    for path in ("/compare", "/sweeps", "/people", "/evidence"):
        page.goto(empty_board.address + path)
        settled(page)
        assert "platform-lab" in page.locator(".empty").first.inner_text()


def test_agents_can_be_run_without_scrolling_on_a_small_laptop(board: Board, page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(board.address + "/ask")
    wait_for_bars(page)
    box = page.get_by_role("button", name="Run agents").bounding_box()
    assert box["y"] + box["height"] <= 720


def test_a_slider_moves_what_is_expected_and_the_address(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask?platforms=fixed")  # the direct effect alone, which is there at once
    before = wait_for_bars(page)
    slider = page.get_by_label("Commission cap: ceiling", exact=True)
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")  # by keyboard, as a mouse is no must
    after = wait_for_bars(page, before)
    assert abs(after[3]) < abs(before[3]), "a higher ceiling takes less from platforms"
    page.wait_for_function("() => location.search.includes('commission_cap.ceiling=0.1')")
    box = page.get_by_label("Commission cap: ceiling, exactly")
    assert float(box.input_value()) == 10
    page.reload()
    assert wait_for_bars(page) == after, "an address shows the same to somebody else"


def test_the_box_takes_what_the_slider_cannot_reach_and_refuses_the_rest(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask")
    before = wait_for_bars(page)
    box = page.get_by_label("Commission cap: ceiling, exactly")
    box.fill("50")
    page.wait_for_function("() => location.search.includes('commission_cap.ceiling=0.5')")
    wait_for_bars(page, before)
    box.fill("500")
    page.wait_for_selector("#ask-faults .fault")
    assert "0 to 100" in page.locator("#ask-faults").inner_text()


def test_rules_are_added_and_taken_away(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask")
    before = wait_for_bars(page)
    page.get_by_text("Article 10:").first.click()
    page.get_by_label("Minimum pay", exact=True).check()
    page.get_by_label("Minimum pay: floor", exact=True).wait_for()
    wait_for_bars(page, before)
    page.wait_for_function("() => location.search.includes('policy=commission_cap,minimum_pay')")
    page.get_by_label("Commission cap", exact=True).uncheck()
    page.wait_for_function("() => location.search.includes('policy=minimum_pay')")
    said = "words => document.querySelector('#ask-levers').innerText.includes(words)"
    page.wait_for_function(said, arg="yuan an hour")
    page.get_by_label("Food delivery, United States 2021").check()
    page.wait_for_function(said, arg="dollar an hour")
    page.get_by_label("Minimum pay", exact=True).uncheck()
    page.wait_for_selector("#ask-caveats .fault")
    assert "rule" in page.locator("#ask-caveats").inner_text()


def test_platforms_answer_comes_later(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask?platforms=rule_of_thumb")
    wait_for_bars(page)
    page.wait_for_function(
        "() => document.querySelector('#ask-figure .js-plotly-plot')._fullData.length === 2"
        " && document.querySelector('#ask-caveats').innerText === ''",
        timeout=150_000,  # the question before it may still be worked out, with platforms that answer
    )
    assert "direct effect" in page.locator("#ask-note").inner_text()


def test_a_damaged_address_is_followed_as_far_as_it_can(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask?policy=commission_cap,%3Cscript%3E&commission_cap.ceiling=9&sector=../../etc")
    wait_for_bars(page)
    said = page.locator(".notice").first.inner_text()
    assert "<script>" in said
    assert "0 to 100" in said
    assert "../../etc" in said


def test_names_are_text_and_never_markup(board: Board, page: Any) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a title was carried out"))
    page.goto(board.address + "/compare")
    settled(page)
    assert "<script>alert(1)</script>" in page.locator(".results").inner_text()
    page.get_by_text("1 run failed recently").click()
    assert "<b>it broke</b>" in page.locator("main").inner_text()
    assert page.locator("main script").count() == 0


def test_results_stand_side_by_side_and_the_address_says_which(board: Board, page: Any) -> None:
    page.goto(board.address + "/compare")
    settled(page)
    boxes = page.locator(".results input[type=checkbox]")
    assert boxes.count() == 2
    for place in range(2):
        boxes.nth(place).check()
    page.wait_for_function("() => document.querySelectorAll('#compare-shown article').length === 2")
    page.wait_for_function("() => location.search.split('result=').length === 3")
    kept(page, "compare-two")
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('#compare-shown article').length === 2")
    page.get_by_label("Search").fill("nothing of the kind")
    page.wait_for_function("() => document.querySelector('#compare-count').innerText.includes('2 of 2')")


def test_a_point_of_a_sweep_leads_to_its_own_page(board: Board, page: Any) -> None:
    page.goto(board.address + "/sweeps")
    settled(page)
    page.get_by_role("link", name=re.compile("ceiling 6%")).click()
    page.wait_for_selector("#compare-shown article")
    assert "ceiling 6%" in page.locator("#compare-shown").inner_text()


def test_the_law_leads_to_a_question(board: Board, page: Any) -> None:
    page.goto(board.address + "/law?rule=minimum_pay")
    settled(page)
    page.get_by_role("link", name="Ask for its effects").click()
    page.get_by_label("Minimum pay: floor", exact=True).wait_for()
    assert len(wait_for_bars(page)) == 5, "one a party"
    page.wait_for_function("() => location.search.includes('policy=minimum_pay')")
    assert page.get_by_label("Commission cap: ceiling", exact=True).count() == 0


def test_from_question_to_report(board: Board, page: Any) -> None:
    """The whole way: ask, let agents answer, see intervals arrive, open the result and its report."""
    page.goto(board.address + "/ask?horizon=one_year&replicates=2")
    wait_for_bars(page)
    page.get_by_role("button", name="Run agents").click()
    page.wait_for_selector(".job progress")
    page.wait_for_selector(".job.done", timeout=240_000)
    figure = "document.querySelector('#ask-figure .js-plotly-plot')"
    page.wait_for_function(f"() => Array.from({figure}._fullData).some(trace => trace.name === 'agents')")
    kept(page, "ask-answered")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Report").click()
    report = opened.value
    report.wait_for_function("() => document.documentElement?.dataset.drawn === 'yes'")
    assert "Commission cap" in report.locator("h1").inner_text()
    report.close()
    page.get_by_role("link", name="Compare", exact=True).last.click()
    page.wait_for_selector("#compare-shown article")
    assert "2 replicates" in page.locator("#compare-shown").inner_text()


def test_a_question_is_taken_along_and_brought_back(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask?policy=minimum_pay&minimum_pay.floor=30")
    wait_for_bars(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Configuration file").click()
    text = download.value.path().read_text("utf-8")
    assert "floor: 30" in text
    page.goto(board.address + "/ask")
    wait_for_bars(page)
    page.get_by_text("Open a configuration file or a command").click()
    page.get_by_label("Paste it here").fill("sector: !!python/object/apply:os.system [ls]")
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_selector("#ask-opened .fault")
    page.get_by_label("Paste it here").fill(text)
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_function("() => location.search.includes('minimum_pay.floor=30.0')")


def test_pages_are_reached_by_keyboard_alone(board: Board, page: Any) -> None:
    page.goto(board.address + "/ask")
    wait_for_bars(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Compare"
    page.keyboard.press("Enter")
    page.wait_for_selector("#compare-shown article")


def test_one_agent_is_shown_when_somebody_asks(board: Board, page: Any) -> None:
    page.goto(board.address + "/people?party=workers&story=gains+most")
    settled(page)
    page.get_by_role("button", name="Run this replicate again").click()
    page.wait_for_selector("#people-shown figure .js-plotly-plot")
    first = page.locator("#people-shown h2").inner_text()
    assert "worker" in first
    page.get_by_label("Loses most").check()
    page.wait_for_function("() => location.search.includes('loses+most')")
    page.wait_for_function("was => document.querySelector('#people-shown h2').innerText !== was", arg=first)
    assert "no estimate" in page.locator("#people-shown").inner_text()
    kept(page, "people-worker")


def test_two_browsers_do_not_see_each_others_jobs(board: Board, browser: Any) -> None:
    contexts = [browser.new_context(viewport=WIDE) for _ in range(2)]
    mine, yours = (context.new_page() for context in contexts)
    for one in (mine, yours):
        one.goto(board.address + "/ask?horizon=one_year&replicates=40")
        wait_for_bars(one)
    mine.get_by_role("button", name="Run agents").click()
    mine.wait_for_selector(".job")
    yours.reload()
    wait_for_bars(yours)
    assert yours.locator(".job").count() == 0
    mine.get_by_role("button", name="Stop").click()
    mine.wait_for_selector(".job.cancelled")
    for context in contexts:
        context.close()
