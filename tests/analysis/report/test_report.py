"""The report is one file that asks nothing of the network, lets no words become markup, and says the findings."""

import base64
import errno
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.report import page
from experiments.results.reporting import write_report
from experiments.storage.results import UnreadableResult
from experiments.storage.writing import FullDisk
from tests.analysis._results import compare_doses, effects_frame, leave, moments_frame, record, sweep_doses

pytestmark = pytest.mark.long

EVIL = '<script>alert("x")</script><img src=https://example.eu/a.png>'


class Reader(HTMLParser):
    """Elements, visible text and script texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.elements and self.elements[-1][0] == "script" and self.scripts and self.in_script:
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        else:
            self.text += data

    @property
    def in_script(self) -> bool:
        return self.cdata_elem == "script"

    def figures(self) -> dict[str, dict]:
        kind = "application/json"
        return {str(a["id"]): json.loads(text) for a, text in self.scripts if a.get("type") == kind}


@pytest.fixture(scope="module", params=["compare", "sweep", "grid", "cube", "alone"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(leave(tmp_path_factory.mktemp(request.param), request.param))


def test_the_report_is_small_enough_to_send_and_asks_for_nothing(report: Path):
    assert report.name == "report.html"
    assert report.stat().st_size < 6_000_000
    text = report.read_text("utf-8")
    read = Reader(text)
    for tag, attributes in read.elements:
        for name in ("src", "href", "srcset", "action", "data", "poster", "background"):
            value = attributes.get(name) or ""
            assert not re.match(r"\s*(?:https?:)?//", value), (tag, value)
            assert not value or value.startswith("data:text/csv"), (tag, value)
        assert tag not in ("link", "iframe", "object", "embed", "base")
    (policy,) = [a["content"] for t, a in read.elements if t == "meta" and "http-equiv" in a]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_plotly_is_there_once_and_the_mode_bar_sends_nothing(report: Path):
    text = report.read_text("utf-8")
    assert text.count("* plotly.js v") == 1
    config = re.search(r"const CONFIG = (\{.*?\});", text)
    assert config
    settings = json.loads(config.group(1))
    assert "sendChartToCloud" in settings["modeBarButtonsToRemove"]
    assert settings["plotlyServerURL"] == ""


def test_every_figure_is_drawn_for_both_widths_and_has_its_data(report: Path):
    read = Reader(report.read_text("utf-8"))
    figures = read.figures()
    places = [a["data-figure"] for _, a in read.elements if "data-figure" in a]
    assert {f"figure-{name}" for name in places} == set(figures)
    assert len(places) == len(set(places)) >= 6
    downloads = {a["download"]: a["href"] for t, a in read.elements if t == "a"}
    for name in places:
        drawn = figures[f"figure-{name}"]
        assert set(drawn) == {"wide", "narrow"}
        assert not drawn["wide"]["layout"]["title"]["text"]  # the page prints it
        csv = base64.b64decode(str(downloads[f"{name}.csv"]).partition("base64,")[2]).decode()
        assert len(csv.splitlines()) > 1
    assert "effects.csv" in downloads


def test_findings_stand_before_the_figures(tmp_path: Path):
    text = Reader(write_report(leave(tmp_path)).read_text("utf-8")).text.replace("\u00a0", " ")
    order = [
        *("A cap on commissions in food delivery", "Who gains and who loses when a platform"),
        *("Merchants gain, platforms and the state lose; no effect on", "Merchants gain 412 [380, 444]"),
        *("Week by week", "Other outcomes", "resemble the real one", "Reliability and limitations"),
        *("Platforms keep their prices", "assumptions", "The rule as modelled", "Ceiling: largest commission"),
        "How to reproduce this result",
        *("platform-lab compare", "3f9a1c77d0e2b845"),
    ]
    places = [text.find(words, 0) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places[0] < places[1] < places[2] < places[3]
    assert text.rfind("How to reproduce this result") < text.rfind("platform-lab compare")
    assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", text.lower())


def evil_record() -> dict:
    made = record("sweep", [], [])
    rule = made["instruments"][0]
    cap = {"ceiling": {"value": EVIL, "unit": EVIL, "meaning": EVIL}}
    return {
        **dict.fromkeys(("title", "question", "sector_title", "command", "machine", "baseline_label"), EVIL),
        "caveats": [EVIL],
        "assumptions": [{**row, "text": EVIL, "unit": EVIL} for row in made["assumptions"]],
        "instruments": [{**rule, "title": EVIL, "reading": EVIL, "provisions": [EVIL], "parameters": cap}],
        "versions": {EVIL: EVIL},
    }


def test_words_of_others_never_become_markup(tmp_path: Path):
    effects = effects_frame(sweep_doses())
    effects = effects.assign(title=EVIL, label=EVIL + effects["label"])
    folder = leave(tmp_path, "sweep", effects=effects, **evil_record())
    text = write_report(folder).read_text("utf-8")
    assert "<script>alert" not in text
    read = Reader(text)
    assert not [tag for tag, _ in read.elements if tag == "img"]
    assert len([1 for a, _ in read.scripts if a.get("type") is None]) == 2  # plotly and the page's own
    assert '<script>alert("x")' in read.text  # still to be read, as words
    for figure in read.figures().values():
        del figure["wide"]["layout"]["meta"], figure["narrow"]["layout"]["meta"]
        assert "<script" not in json.dumps(figure)


def test_json_cannot_end_its_script_element():
    words = {"label": "</script><!-- & \u2028"}
    safe = page._safe_json(words)
    assert not set("<>&\u2028") & set(safe)
    assert json.loads(safe) == words


def test_a_report_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = leave(tmp_path / "result")
    target = tmp_path / "elsewhere" / "for the minister.html"
    assert write_report(folder, target) == target
    assert [p.name for p in target.parent.iterdir()] == [target.name]
    before = target.read_text("utf-8")

    def fail(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "no room left")

    monkeypatch.setattr(os, "replace", fail)
    monkeypatch.setattr(page, "render", lambda result: "another page")
    with pytest.raises(FullDisk, match="no room left"):
        write_report(folder, target)
    assert target.read_text("utf-8") == before
    assert [p.name for p in target.parent.iterdir()] == [target.name]


def test_a_page_that_would_grow_too_large_gives_up_its_data_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = leave(tmp_path, "sweep")
    whole = write_report(folder).stat().st_size
    monkeypatch.setattr(page, "LARGEST", whole - 1000)
    smaller = write_report(folder)
    assert smaller.stat().st_size <= whole - 1000
    text = smaller.read_text("utf-8")
    assert 'download="effects.csv"' not in text
    assert 'download="who_gains.csv"' in text
    assert 'id="figure-who_gains"' in text


def test_a_result_without_weeks_moments_rules_or_lists_still_makes_a_page(tmp_path: Path):
    empty = {key: [] for key in ("caveats", "assumptions", "instruments", "seeds")}
    folder = leave(tmp_path, effects=effects_frame(compare_doses(), n_replicates=1), **empty, versions={})
    (folder / "trajectories.parquet").unlink()
    (folder / "moments.parquet").unlink()
    text = Reader(write_report(folder).read_text("utf-8")).text
    assert "With one replicate there is no interval" in text
    assert "Week by week" not in text
    assert "resemble the real one" not in text


def test_tables_print_values_as_their_source_has_them(tmp_path: Path):
    folder = leave(tmp_path)
    moments = moments_frame()
    moments["year"] = ["2014-15", *moments["year"].iloc[1:].astype(str)]
    moments.to_parquet(folder / "moments.parquet")
    text = Reader(write_report(folder).read_text("utf-8")).text.replace("\u202f", " ").replace("\u00a0", " ")
    for words in (
        *("68.5%", "67.2% [66.6, 67.8]", "±2 points", "+3.2 points", "leading platform, 2014-15"),
        "Outside their tolerance: merchants on more than one platform.",
        *("95%, 70%, 25%", "20% to 100%", "5 000 yuan", "2 000 to 10 000 yuan", "0.3 to 0.7"),
    ):
        assert words in text, words


def test_failed_runs_are_admitted(tmp_path: Path):
    assert "2 runs failed and are left out." in Reader(write_report(leave(tmp_path, n_failed=2)).read_text()).text


def test_a_folder_without_a_result_makes_no_page(tmp_path: Path):
    with pytest.raises(UnreadableResult):
        write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []
