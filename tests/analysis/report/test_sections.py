"""A section has one name: the page takes every fixed heading from the list, and Markdown has the same words."""

import re
from importlib.resources import files

from analysis.report.markdown import page as page_of
from analysis.report.sections import TITLES
from experiments.storage.results import load_result
from tests.analysis._answers import leave_answer, leave_strategies
from tests.analysis._groups import distribution_frame

MARKDOWN_ONLY = {"Effects by party", "Simulated and observed moments"}


def test_the_page_takes_its_headings_from_the_list_in_the_order_of_the_list():
    template = files("analysis.report").joinpath("page.html.j2").read_text("utf-8")
    headings = re.findall(r"<section><h2>(.*?)</h2>", template)
    named = [name for heading in headings for name in re.findall(r"^\{\{ titles\.(\w+) \}\}$", heading)]
    assert named == list(TITLES)
    rest = [heading for heading in headings if "titles." not in heading]
    assert all("{{" in heading for heading in rest), f"typed into the page: {rest}"


def test_markdown_calls_its_sections_as_the_page_does(tmp_path):
    headings = set()
    for folder in (leave_answer(tmp_path / "answer"), leave_strategies(tmp_path / "strategies")):
        distribution_frame().to_parquet(folder / "distribution.parquet")
        text = page_of(load_result(folder))
        headings |= {re.split(r"[:,]", heading)[0] for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)}
    assert headings - MARKDOWN_ONLY == {TITLES[name] for name in ("answer", "strategies", "measures", "within")}
