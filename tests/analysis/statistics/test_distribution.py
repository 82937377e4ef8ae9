"""Within a party: agents are matched by who they are, groups add up, and shares count what they say they count."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.figures import theme
from analysis.figures.who_within import who_within
from analysis.statistics.distribution import agent_frame, distribution
from analysis.tables import TABLES
from analysis.wording import within
from analysis.wording.findings import findings
from analysis.wording.groups import TABLE_HEADS, groups, groups_of, table_rows
from experiments.results.reporting import write_report
from experiments.storage.results import UnreadableResult, load_result
from tests.analysis._groups import distribution_frame
from tests.analysis._results import compare_doses, effects_frame, leave, sweep_doses
from tests.analysis.report.test_report import Reader

pytestmark = pytest.mark.long

N_WEEKS = 10


def agents(consumers=(), merchants=(), workers=()) -> pd.DataFrame:
    """Agents as tuples: identity, group (or tier and size), currency a week on average."""

    def columns(rows, names) -> dict:
        by_column = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in range(len(names) + 2)]
        identity, *labels, money = by_column
        kinds = {"quintile": np.uint8}
        return {
            "identity": np.array(identity, np.uint32),
            **{n: np.array(v, kinds.get(n, object)) for n, v in zip(names, labels, strict=True)},
            "n_weeks": np.full(len(identity), N_WEEKS, np.int32),
            "total_cents": np.array([round(100 * N_WEEKS * m) for m in money], np.int64),
        }

    return agent_frame(
        {
            "consumers": columns(consumers, ["quintile"]),
            "merchants": columns(merchants, ["tier", "size"]),
            "workers": columns(workers, ["group"]),
        }
    )


def row(frame: pd.DataFrame, party: str, grouping: str = "all", group: str = "all") -> pd.Series:
    chosen = (frame["party"] == party) & (frame["grouping"] == grouping) & (frame["group"] == group)
    assert chosen.sum() == 1
    return frame[chosen].iloc[0]


def test_intervals_over_draws_count_draws_and_not_their_seeds():
    def pair(*gains: float) -> tuple[pd.DataFrame, pd.DataFrame]:
        before = [(i, 1 + i % 2, 10.0) for i in range(len(gains))]
        return agents(consumers=before), agents(consumers=[(i, q, 10.0 + gains[i]) for i, q, _ in before])

    pairs = [pair(1.0, 2.0), pair(3.0, 4.0), pair(7.0, 8.0), pair(9.0)]  # means 2.5 and, of 7.5 and 9, 8.25
    found = distribution(pairs, N_WEEKS, draws=[0, 0, 1, 1])
    everybody, second = row(found, "consumers"), row(found, "consumers", "income quintile", "2")
    assert (everybody["n_replicates"], everybody["n_agents"]) == (2, 1.75)
    assert everybody["effect"] == pytest.approx(5.375)
    assert everybody["high"] - everybody["effect"] == pytest.approx(12.706 * (8.25 - 2.5) / 2, rel=1e-3)
    assert second["effect"] == pytest.approx((3.0 + 8.0) / 2), "a seed in which nobody is in the group says nothing"
    assert second["total_effect"] == pytest.approx((3.0 + 8.0 / 2) / 2), "but counts zero in the group's money"


def test_who_closes_or_opens_under_the_policy_counts_nothing_on_the_other_side():
    before = agents(merchants=[(1, "chain", "large", 100.0), (2, "independent", "small", 40.0)])
    after = agents(merchants=[(1, "chain", "large", 90.0), (2**31, "independent", "new", -25.0)])
    found = distribution([(before, after)], N_WEEKS)
    everybody = row(found, "merchants")
    assert everybody["n_agents"] == 3
    assert everybody["baseline"] == pytest.approx(140 / 3)
    assert everybody["effect"] == pytest.approx((-10 - 40 - 25) / 3)
    assert everybody["total_effect"] == pytest.approx(-75)
    assert row(found, "merchants", "size", "small")["effect"] == pytest.approx(-40)
    assert row(found, "merchants", "size", "new")["effect"] == pytest.approx(-25)
    assert row(found, "merchants", "size", "new")["baseline"] == 0
    assert row(found, "merchants", "tier", "independent")["total_effect"] == pytest.approx(-65)


def test_agents_are_matched_by_identity_and_not_by_place():
    before = agents(workers=[(1, "regular", 10.0), (2, "regular", 20.0), (3, "rare", 1.0)])
    after = agents(workers=[(3, "rare", 2.0), (2, "regular", 26.0), (1, "regular", 10.0)])
    found = distribution([(before, after)], N_WEEKS)
    assert row(found, "workers", "activity", "regular")["effect"] == pytest.approx(3.0)
    assert row(found, "workers", "activity", "regular")["share_gain"] == pytest.approx(0.5)
    assert row(found, "workers", "activity", "rare")["effect"] == pytest.approx(1.0)


def test_gains_count_from_a_fiftieth_of_what_agents_alike_have_at_stake():
    poor = [(i, 1, 2.0) for i in range(10)]  # a fiftieth: four cents a week
    rich = [(i, 5, 50.0) for i in range(10, 20)]  # a fiftieth: one unit a week
    changes = [0.05] * 6 + [-0.05] * 1 + [0.03] * 3 + [0.9] * 5 + [1.1] * 2 + [-1.1] * 3
    after = [(i, q, m + c) for (i, q, m), c in zip(poor + rich, changes, strict=True)]
    found = distribution([(agents(consumers=poor + rich), agents(consumers=after))], N_WEEKS)
    low, high = (row(found, "consumers", "income quintile", q) for q in "15")
    assert (low["share_gain"], low["share_lose"], low["threshold"]) == pytest.approx((0.6, 0.1, 0.04))
    assert (high["share_gain"], high["share_lose"], high["threshold"]) == pytest.approx((0.2, 0.3, 1.0))
    everybody = row(found, "consumers")
    assert (everybody["share_gain"], everybody["share_lose"]) == pytest.approx((0.4, 0.2))  # the groups' mean


def test_less_than_a_cent_a_week_is_nobodys_gain():
    before = agents(workers=[(1, "rare", 0.0), (2, "rare", 0.1)])
    after = agents(workers=[(1, "rare", 0.009), (2, "rare", 0.12)])
    assert row(distribution([(before, after)], N_WEEKS), "workers")["share_gain"] == pytest.approx(0.5)


def test_quantiles_are_those_of_agents_differences():
    before = [(i, 3, 10.0) for i in range(11)]
    after = [(i, 3, 10.0 + i) for i in range(11)]
    found = row(distribution([(agents(before), agents(after))], N_WEEKS), "consumers")
    assert (found["p10"], found["p50"], found["p90"]) == pytest.approx((1.0, 5.0, 9.0))


def test_intervals_are_students_over_replicates():
    pairs = [
        (agents(workers=[(1, "rare", 5.0)]), agents(workers=[(1, "rare", 5.0 + change)])) for change in (1.0, 2.0, 3.0)
    ]
    found = row(distribution(iter(pairs), N_WEEKS), "workers")
    half = 4.302653 / np.sqrt(3)  # t of two degrees of freedom, standard deviation 1
    assert (found["effect"], found["low"], found["high"]) == pytest.approx((2.0, 2.0 - half, 2.0 + half), rel=1e-5)
    assert found["n_replicates"] == 3


def test_one_replicate_has_no_interval_and_makes_no_claim():
    found = distribution([(agents(workers=[(1, "rare", 5.0)]), agents(workers=[(1, "rare", 9.0)]))], N_WEEKS)
    assert np.isnan(row(found, "workers")["low"])
    assert np.isnan(row(found, "workers")["share_gain_low"])
    assert within.sentences(found, "yuan") == []


def test_a_group_that_is_empty_in_a_replicate_still_adds_up():
    stay = (1, "chain", "large", 10.0)
    before, richer = agents(merchants=[stay]), agents(merchants=[(1, "chain", "large", 12.0)])
    with_new = agents(merchants=[(1, "chain", "large", 12.0), (9, "independent", "new", 6.0)])
    found = distribution([(before, richer), (before, with_new)], N_WEEKS)
    new = row(found, "merchants", "size", "new")
    assert (new["n_agents"], new["effect"], new["total_effect"]) == pytest.approx((0.5, 6.0, 3.0))
    assert np.isnan(new["low"])
    assert row(found, "merchants")["total_effect"] == pytest.approx(5.0)
    for grouping in ("tier", "size"):
        rows = found[(found["party"] == "merchants") & (found["grouping"] == grouping)]
        assert rows["total_effect"].sum() == pytest.approx(5.0)


def test_groups_stand_in_their_order():
    rows = [(i, t, s, 1.0) for i, (t, s) in enumerate(itertools.product(("independent", "chain"), ("new", "small")))]
    frame = agents([(1, 5, 1.0), (2, 1, 1.0)], rows, [(1, "rare", 1.0), (2, "regular", 30.0)])
    found = distribution([(frame, frame)], N_WEEKS)
    assert found["group"].tolist() == [
        *("all", "1", "5"),
        *("all", "chain", "independent", "small", "new"),
        *("all", "regular", "rare"),
    ]
    assert set(found.columns) == set(TABLES["distribution"].names) - {"scenario", "label"}


def test_frames_survive_the_disk(tmp_path: Path):
    frame = agents([(1, 5, 1.0)], [(1, "chain", "small", 3.0)], [(7, "rare", 2.0)])
    frame.to_parquet(tmp_path / "agents.parquet")
    back = pd.read_parquet(tmp_path / "agents.parquet")
    pd.testing.assert_frame_equal(
        distribution([(frame, frame)], N_WEEKS), distribution([(back, back.astype({"party": object}))], N_WEEKS)
    )


def test_nobody_makes_a_table_without_rows_that_can_be_kept():
    assert list(distribution([], N_WEEKS).columns) == list(TABLES["distribution"].names[2:])
    assert distribution([(agents(), agents())], N_WEEKS).empty


def test_an_identity_that_occurs_twice_is_refused():
    before = agents(workers=[(1, "rare", 5.0), (1, "rare", 6.0)])
    with pytest.raises(ValueError, match="twice"):
        distribution([(before, agents(workers=[(1, "rare", 5.0)]))], N_WEEKS)


def spoken(texts: list[str]) -> list[str]:
    return [text.replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-") for text in texts]


def test_sentences_name_the_ends_that_can_be_told_and_the_shares():
    assert spoken(within.sentences(distribution_frame(), "yuan")) == [
        "The poorest fifth of consumers gains 0.21 [0.18, 0.24] yuan a week each, the richest fifth 0.45 [0.40, 0.50]; "
        "62% [60, 64] of consumers gain and 3.0% [2.0, 4.0] lose.",
        "Chains lose 36 [31, 41] yuan a week each, independents gain 38 [33, 43]; "
        "62% [60, 64] of merchants gain and 3.0% [2.0, 4.0] lose.",
    ]
    assert within.finding(distribution_frame()) == (
        "Independents gain, chains lose; 4 of 5 income groups of consumers gain"
    )


def test_several_groups_share_the_name_of_their_party():
    frame = distribution_frame()
    frame.loc[frame["group"].isin(["occasional", "regular"]), "low"] = 0.5
    assert within.finding(frame).endswith("regular and occasional workers gain")


def test_where_nothing_can_be_told_nothing_is_said():
    frame = distribution_frame().assign(low=-100.0, high=100.0)
    assert within.sentences(frame, "yuan") == []
    assert within.finding(frame) == "No effect on any group within a party is distinguishable from zero"


def test_a_party_that_gains_but_holds_losers_is_named_in_short(tmp_path: Path):
    result = load_result(leave(tmp_path, distribution=distribution_frame()))
    assert findings(result)[0].details[-1] == (
        "Within these parties, independents gain, chains lose; 4 of 5 income groups of consumers gain."
    )


def test_groups_that_add_up_are_said_to_and_others_are_not(tmp_path: Path):
    result = load_result(leave(tmp_path, distribution=distribution_frame()))
    assert within.accounting(result, result.distribution).startswith(
        "The groups of consumers, merchants and workers add up to the effects above, to the cent."
    )
    wrong = result.distribution
    wrong.loc[wrong["group"] == "chain", "total_effect"] += 0.02
    assert "do not add up" in within.accounting(result, wrong)
    assert "merchants by tier" in within.accounting(result, wrong)


def test_rows_for_the_terminal_are_words():
    rows = table_rows(distribution_frame())
    assert {len(cells) for cells in rows} == {len(TABLE_HEADS)}
    assert spoken(rows[1]) == ["  Poorest fifth", "2 000", "+0.21 [0.18, 0.24]", "62% [60, 64]", "3.0% [2.0, 4.0]"]


def test_bars_are_the_effects_and_shares_lie_on_their_sides():
    figure = who_within(distribution_frame(), currency="yuan").to_dict()
    consumers, lose, gain = figure["data"][:3]
    rows = groups_of(distribution_frame(), "consumers", "income quintile")
    assert list(consumers["x"][1:]) == pytest.approx([g.effect for g in rows])
    assert list(gain["x"][1:]) == pytest.approx([100 * g.gain[0] for g in rows])
    assert list(lose["x"][1:]) == pytest.approx([-100 * g.lose[0] for g in rows])
    opacity = dict(zip([g.sign for g in groups(distribution_frame())[:6]], consumers["marker"]["opacity"], strict=True))
    assert opacity[0] < 0.5 < opacity[1]
    assert consumers["marker"]["color"][0] == theme.colour("consumers")


@pytest.mark.parametrize("verb", ["compare", "sweep"])
def test_the_report_shows_the_groups_of_the_main_scenario(tmp_path: Path, verb: str):
    doses = compare_doses() if verb == "compare" else sweep_doses()
    frames = [distribution_frame().assign(scenario=i, label=label) for i, (label, _, _) in enumerate(doses)]
    folder = leave(tmp_path, verb, effects=effects_frame(doses), distribution=pd.concat(frames))
    read = Reader(write_report(folder).read_text("utf-8"))
    assert "Within each party" in read.text
    assert set(read.figures()["figure-who_within"]) == {"wide", "narrow"}
    assert "Table of 17 groups" in read.text
    assert ("Shown: ceiling 8%" in read.text) == (verb == "sweep")


def test_a_result_without_groups_has_no_such_section(tmp_path: Path):
    assert "Within each party" not in Reader(write_report(leave(tmp_path)).read_text("utf-8")).text


def test_a_distribution_that_lacks_columns_is_refused(tmp_path: Path):
    folder = leave(tmp_path, distribution=distribution_frame().drop(columns="share_gain"))
    with pytest.raises(UnreadableResult, match="share_gain"):
        load_result(folder)
