"""Sensitivity to assumptions: signs are counted over draws, chance is called chance, failed draws are admitted."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.figures import theme
from analysis.figures.draws_figure import range_figure, tornado
from analysis.report.panels import draw_panels
from analysis.wording import draws
from analysis.wording.findings import headline, reading_note
from experiments.results.reporting import write_report
from experiments.storage.results import UnreadableResult, load_result
from tests.analysis._results import leave, leave_draws
from tests.analysis.report.test_report import Reader

pytestmark = pytest.mark.long

CLEAR = {"value_of_time": 0.0001}  # of three assumptions and five parties


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_headline_counts_draws_and_leaves_open_what_is_open(tmp_path: Path):
    result = load_result(leave_draws(tmp_path, CLEAR))
    assert headline(result) == (
        "Merchants gain, platforms and the state lose in at least 19 of 20 draws; workers gain in 15; for consumers "
        "the direction is uncertain."
    )


def test_all_draws_are_called_all_draws(tmp_path: Path):
    result = load_result(leave_draws(tmp_path, CLEAR, state_net=0.5, worker_surplus=0.5))
    assert headline(result).startswith("Merchants gain, platforms lose in all 20 draws; for ")


def test_sentences_say_who_in_how_many_draws_and_what_decides(tmp_path: Path):
    consumers, merchants, *_, state, total = map(plain, draws.sentences(load_result(leave_draws(tmp_path, CLEAR))))
    assert consumers.startswith("In 12 of 20 draws consumers lose; 95% of the draws lie in [−231, 135] yuan per 1 000")
    assert merchants.startswith("In all 20 draws merchants gain; 95% of the draws lie in [316, 508].")
    assert merchants.endswith("The effect depends most on value of time (rank correlation −0.72).")
    assert state.startswith("In 19 of 20 draws the state loses")
    assert total.startswith("In 16 of 20 draws total welfare falls")


def test_with_many_tests_a_small_p_value_is_chance(tmp_path: Path):
    # 0.01 times 3 assumptions is below 0.05, times 3 assumptions and 5 parties it is not
    result = load_result(leave_draws(tmp_path, {"value_of_time": 0.01}))
    assert [link.assumption for link in draws.links(result) if not link.is_chance] == ["value_of_time"]
    assert all(link.is_chance for link in draws.links(result, "merchant_profit"))
    assert "No assumption is significantly correlated with it (closest: value of time" in draws.sentences(result)[1]
    assert draws.decisive(draws.links(result)) == "The effect on total welfare depends most on value of time"


def test_chance_alone_claims_nothing(tmp_path: Path):
    told = draws.links(load_result(leave_draws(tmp_path, {})))
    assert draws.decisive(told).startswith("No assumption is significantly correlated")
    assert all(link.is_chance for link in told)


def test_a_p_value_that_is_no_number_is_no_evidence():
    assert draws.Link("x", "x", "X", "", "", 0.9, math.nan, 3).is_chance


def test_assumptions_have_name_label_and_range(tmp_path: Path):
    first, second, third = draws.links(load_result(leave_draws(tmp_path, CLEAR)))
    assert (first.assumption, first.label, first.meaning) == ("value_of_time", "Value of time", "worth of a minute")
    assert first.drawn == "0.1 to 0.6 yuan a minute"
    assert (second.assumption, second.label, second.meaning) == ("nest_sigma", "Nest sigma", "")
    assert third.drawn == "20% to 100%"


def test_notes_admit_failed_draws_only_where_there_are_some(tmp_path: Path):
    spoken = " ".join(draws.notes(load_result(leave_draws(tmp_path / "a", CLEAR, n_failed=3))))
    assert "3 of 23 draws failed and are left out (nobody ordered anything)" in spoken
    assert "failed" not in " ".join(draws.notes(load_result(leave_draws(tmp_path / "b", CLEAR))))


@pytest.mark.parametrize("narrow", [False, True])
def test_figures_show_the_range_and_pale_chance(tmp_path: Path, narrow: bool):
    result = load_result(leave_draws(tmp_path, CLEAR))
    figure = range_figure(draws.spreads(result), narrow=narrow)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    merchants = bars[1]
    assert (merchants.base[0], merchants.base[0] + merchants.x[0]) == (316.0, 508.0)
    assert theme.words_of(figure)["finding"] == (
        "Merchants gain, platforms lose in all 20 draws; for consumers, workers and the state it depends on the draw"
    )
    ranks = tornado(draws.links(result), narrow=narrow)
    assert list(ranks.data[0].x) == [-0.72, 0.61, 0.2]
    solid, *pale = ranks.data[0].marker.opacity
    assert solid > max(pale)


def test_the_report_has_the_section_only_with_draws(tmp_path: Path):
    with_draws = plain(Reader(write_report(leave_draws(tmp_path / "a", CLEAR)).read_text("utf-8")).text)
    without = Reader(write_report(leave(tmp_path / "b")).read_text("utf-8")).text
    assert "Sensitivity to the assumptions" not in without
    for words in ("Sensitivity to the assumptions", "On average over the draws, merchants gain", "over 20 draws"):
        assert words in with_draws
    assert "They do not cover what the model leaves out, nor other values of its assumptions" in without
    assert "nor other values of its assumptions" not in with_draws


def test_brackets_are_not_mistaken_for_the_range_of_the_draws(tmp_path: Path):
    assert "95% intervals of these means, not the range" in reading_note(load_result(leave_draws(tmp_path, CLEAR)))


def test_draws_without_correlations_still_make_a_section(tmp_path: Path):
    folder = leave_draws(tmp_path, CLEAR)
    (folder / "sensitivity_of_effects.parquet").unlink()
    (folder / "draws.parquet").unlink()
    result = load_result(folder)
    assert [panel.name for panel in draw_panels(result)] == ["draws"]
    assert "depends" not in " ".join(draws.sentences(result))
    assert draws.n_drawn(result.draws) == 0
    assert write_report(folder).exists()


def test_a_damaged_table_of_draws_is_refused(tmp_path: Path):
    folder = leave_draws(tmp_path, CLEAR)
    (folder / "draws.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(UnreadableResult, match=r"draws\.parquet is damaged"):
        load_result(folder)


PARTS = {
    "consumer_surplus": (30.0, 10.0, 0.1, 0.0, 0.3),
    "merchant_profit": (10.0, 30.0, 0.9, 0.8, 0.95),
    "worker_surplus": (20.0, 20.0, 0.5, 0.2, 0.7),
    "platform_profit": (10.0, 20.0, 0.8, 0.6, 0.9),
    "state_net": (math.nan,) * 5,
    "owners_opening": (math.nan,) * 5,
    "welfare_total": (20.0, 10.0, 0.2, 0.0, 0.45),
}


def leave_split(folder: Path) -> Path:
    """Draws with two seeds each: standard deviations of chance and of assumptions, the share of these, its interval."""
    leave_draws(folder, CLEAR)
    effects = pd.read_parquet(folder / "effects.parquet")
    rows = [PARTS.get(metric, PARTS["consumer_surplus"]) for metric in effects["metric"]]
    columns = ("seed_sd", "assumption_sd", "assumption_share", "assumption_share_low", "assumption_share_high")
    effects[list(columns)] = rows
    effects.to_parquet(folder / "effects.parquet")
    record = json.loads((folder / "record.json").read_text("utf-8"))
    record["uncertainty"]["seeds_per_draw"] = 2
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    return folder


def test_an_adviser_is_told_where_replicates_help_and_where_only_evidence_does(tmp_path: Path):
    parts = draws.parts(load_result(leave_split(tmp_path)).effects)
    assert draws.split_sentence(parts) == (
        "Sources of uncertainty: for merchants and platforms it is mostly the assumptions, which only evidence can "
        "narrow; for consumers and total welfare it is mostly chance, which more replicates reduce; for workers the "
        "draws do not show which is larger."
    )
    merchants = [plain(cell) for cell in draws.split_table(parts)[1]]
    assert merchants == ["Merchant profit", "90% [80, 95]", "10%", "30.0", "10.0"]
    assert len(parts) == 5, "the state's effect does not vary"


def test_the_spread_of_draws_holds_the_chance_that_their_seeds_leave(tmp_path: Path):
    # 20^2 / 2 = 200 of chance is left beside 10^2 = 100 of assumptions
    split = " ".join(draws.notes(load_result(leave_split(tmp_path / "a"))))
    assert "is run with 2 seeds, of which the mean is used" in split
    assert "67% is still due to chance" in split
    assert "part of the spread" not in split
    assert "part of the spread between draws is chance" in " ".join(
        draws.notes(load_result(leave_draws(tmp_path / "b", CLEAR)))
    )


def test_the_report_shows_the_split_only_where_there_is_one(tmp_path: Path):
    split = plain(Reader(write_report(leave_split(tmp_path / "a")).read_text("utf-8")).text)
    assert "Due to assumptions (reduced by evidence only)" in split
    assert "90% [80, 95]" in split
    without = Reader(write_report(leave_draws(tmp_path / "b", CLEAR)).read_text("utf-8")).text
    assert "reduced by evidence only" not in without
    assert draws.parts(load_result(tmp_path / "b").effects) == []
    assert draws.split_sentence([]) == ""
