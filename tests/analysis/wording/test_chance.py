"""What replicates say of themselves: the method, the gain from pairing, how many more, and whether it was enough."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.report.tables import trust
from analysis.statistics.precision import half_width
from analysis.wording import chance
from analysis.wording.findings import reading_note
from experiments.results.reporting import write_report
from experiments.storage.results import load_result
from tests.analysis._results import compare_doses, effects_frame, leave
from tests.analysis.report.test_report import Reader


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def money(**sds: tuple[float, float]) -> pd.DataFrame:
    """Effects with 8 replicates, t-intervals and standard deviations: paired, unpaired."""
    rows = effects_frame(compare_doses(), n_replicates=8)
    for metric, (paired_sd, unpaired_sd) in sds.items():
        mine = rows["metric"] == metric
        half = half_width(paired_sd, 8)
        rows.loc[mine, ["paired_sd", "unpaired_sd"]] = paired_sd, unpaired_sd
        rows.loc[mine, "low"], rows.loc[mine, "high"] = rows["effect"][mine] - half, rows["effect"][mine] + half
    gain = (rows["unpaired_sd"] / rows["paired_sd"].where(rows["paired_sd"] > 0)) ** 2
    return rows.assign(pairing_gain=gain)


def test_pairing_is_said_in_replicates_and_left_out_where_pairs_do_not_differ():
    rows = money(consumer_surplus=(10.0, 31.0), merchant_profit=(4.0, 4.0), state_net=(0.0, 2.0))
    said = chance.pairing(rows)
    assert said.startswith(
        "The runs with and without the policy share their random draws; for the same precision, independent runs would "
        "need 9.6 times as many replicates for consumer surplus, 1.0 times for"
    )
    assert "state" not in said


def test_draws_share_their_assumptions_too():
    rows = money().assign(draw_low=0.0)
    said = chance.pairing(rows)
    assert "share their random draws and assumptions; " in said
    assert "would need 9.0 times as many replicates" in said


def test_halving_the_widest_interval_takes_a_little_less_than_four_times_as_many_of_few_replicates():
    # welfare_total is widest with sd 100: t(7) 100 / sqrt(8) = 83.6; 41.8 takes n = 25: t(24) 100 / 5 = 41.3
    said = plain(chance.more(money(welfare_total=(100.0, 300.0))))
    assert said == (
        "Among the effects on the parties’ money, the widest interval is that of total welfare, ±84 with 8 replicates; "
        "halving it takes about 25 replicates (replicates=25, or 'precision={welfare_total: 42}')."
    )


def test_nothing_is_promised_without_an_interval_or_without_a_spread():
    assert chance.more(effects_frame(compare_doses(), n_replicates=1).assign(pairing_gain=math.nan)) == ""
    zero = {"low": 1.0, "high": 1.0, "paired_sd": 0.0}
    assert chance.more(money().assign(**zero)) == ""


def wanted(n: int, *rows: dict[str, Any], most: int = 256) -> dict[str, Any]:
    return {"precision": {"n_replicates": n, "most_replicates": most, "effects": list(rows)}}


NEAR = {"title": "Consumer surplus", "half": 4.87, "wanted": 5.0, "is_reached": True, "n_needed": 34}
FAR = {"title": "Merchant profit", "half": 7.2, "wanted": 5.0, "is_reached": False, "n_needed": 530}
NEVER = {"title": "Worker surplus", "half": 7.2, "wanted": 1e-9, "is_reached": False, "n_needed": None}
ABSENT = {"title": "Parcels", "half": None, "wanted": 5.0, "is_reached": False, "n_needed": None}


def test_what_was_reached_and_what_would_be_needed():
    assert chance.reached(wanted(36, NEAR)) == [
        "The requested precision is reached with 36 replicates.",
        "Consumer surplus: ±4.87, requested ±5.00.",
    ]
    lead, _, far, never, absent = chance.reached(wanted(256, NEAR, FAR, NEVER, ABSENT))
    assert lead == (
        "The requested precision is not reached for merchant profit, worker surplus and parcels with 256 replicates, "
        "the most allowed (most_replicates=256)."
    )
    assert far == "Merchant profit: ±7.20, requested ±5.00; about 530 replicates would do."
    assert never.endswith("not even 10 million replicates would do.")
    assert absent == "Parcels: it has no value in this market."
    assert "most allowed" not in chance.reached(wanted(8, ABSENT))[0]
    assert chance.reached({}) == []


def test_on_the_way_the_neediest_effect_is_named():
    rows = [NEAR, FAR | {"half": 7.21}]
    assert chance.going_on(rows, 32, 64) == (
        "32 replicates: merchant profit ±7.21, requested ±5.00 (about 530 would do): on to 64."
    )
    assert chance.going_on([ABSENT], 1, 2) == "1 replicate: no interval yet, on to 2."


def test_the_report_names_the_method_and_says_what_stopping_does(tmp_path: Path):
    boot = {"intervals": {"method": "bootstrap", "words": "bootstrap"}}
    old = load_result(leave(tmp_path / "old"))
    new = load_result(leave(tmp_path / "new", **boot, **wanted(36, NEAR)))
    assert "95% intervals" in reading_note(old)
    assert "95% bootstrap intervals" in reading_note(new)
    assert any("Student's t" in words for words in trust(old))
    assert any("Efron 1987" in words for words in trust(new))
    assert chance.NARROW in " ".join(trust(new)), "20 replicates"
    assert chance.NARROW not in chance.method(boot | {"n_replicates": 64})
    assert chance.SEQUENTIAL in trust(new)
    assert chance.SEQUENTIAL not in trust(old)
    assert chance.sequential({"precision": {"share": 0.2}}) == chance.SEQUENTIAL + chance.OF_A_SHARE
    said = plain(Reader(write_report(tmp_path / "new").read_text("utf-8")).text)
    assert "reached with 36 replicates" in said
    assert "halving it takes about" not in said
    assert "halving it takes about" in plain(Reader(write_report(tmp_path / "old").read_text("utf-8")).text)


def test_a_result_from_before_has_its_gain_from_pairing_reckoned(tmp_path: Path):
    effects = load_result(leave(tmp_path)).effects
    assert effects["pairing_gain"].to_numpy() == pytest.approx(np.full(len(effects), 9.0))
