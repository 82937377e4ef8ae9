"""Single agents: who is picked, what is said of each, and what the pictures show."""

from pathlib import Path

import numpy as np
import pytest

from analysis.figures import theme
from analysis.figures.agent_weeks import agent_weeks, smoothed
from analysis.figures.agents_rank import agents_rank
from analysis.statistics import agents
from analysis.wording import trajectories
from experiments.storage.agent_weeks import AgentWeeksFile
from tests.analysis._trajectories import FIRST, N_WEEKS, both, row, write

NEWCOMER = 2**31 + 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Merchants 1 to 3 lose 1, gain 2 and gain 30 yuan a week; 4 closes with the policy; one opens only with it."""
    rows = []
    for identity, gain in ((1, -100), (2, 200), (3, 3000)):
        free = {"profit_cents": 10_000, "commission_cents": 5_000, "sales_cents": 30_000, "orders": 10, "listed_on": 3}
        ruled = free | {"profit_cents": 10_000 + gain, "commission_cents": 3_000}
        rows += both("merchants", identity, free, ruled)
    rows += [row("merchants", "without", 4, profit_cents=100), row("merchants", "with", 4, (1, 7), profit_cents=100)]
    rows += [row("merchants", "with", NEWCOMER, (8, N_WEEKS), profit_cents=500, opening_cents=[900, 0, 0])]
    rows += [row("merchants", side, 5, (1, 3), profit_cents=700) for side in agents.SIDES]
    rows += [row("workers", "without", 6, (1, 8)), row("workers", "with", 6), row("workers", "without", 8, (7, 9))]
    for identity in range(3):
        calm, busy = {"surplus_cents": 300, "orders": 1}, {"surplus_cents": 300 + identity, "orders": 2}
        rows += both("consumers", identity, calm, busy, waited_minutes=30.0)
    pay = {"surplus_cents": 5_000, "pay_cents": 20_000, "minutes": 600, "deliveries": 40, "worked_for": 1}
    rows += both("workers", 9, pay, pay | {"pay_cents": 25_000, "surplus_cents": 8_000})
    return write(tmp_path / "people.parquet", rows)


def test_agents_are_ranked_by_money_over_the_weeks_under_the_policy(path: Path):
    found = agents.agents(AgentWeeksFile(path), "merchants").set_index("identity")
    assert set(found.index) == {1, 2, 3, 4, NEWCOMER}, "who had gone before the rule is not asked about"
    assert found["effect"].round(9).to_dict() == {1: -1.0, 2: 2.0, 3: 30.0, 4: -0.6, NEWCOMER: 1.2}
    assert found["rank"].to_dict() == {3: 1, 2: 2, NEWCOMER: 3, 4: 4, 1: 5}
    assert found.loc[3, "below"] == 0.8
    assert found["was_there"].to_dict() == {1: True, 2: True, 3: True, 4: True, NEWCOMER: False}


@pytest.mark.parametrize(
    ("story", "identity"),
    [
        ("typical", 4),
        ("gains most", 3),
        ("loses most", 1),
        ("leaves earlier", 4),
        ("leaves later", 6),
        ("newcomer", NEWCOMER),
        ("never enters", 8),
    ],
)
def test_stories_pick_the_agents_they_are_about(path: Path, story: str, identity: int):
    party = "workers" if story in ("leaves later", "never enters") else "merchants"
    assert agents.pick(agents.agents(AgentWeeksFile(path), party), story) == identity


def test_a_lot_is_the_same_for_a_seed_and_not_for_all_seeds(path: Path):
    everybody = agents.agents(AgentWeeksFile(path), "merchants")
    drawn = [agents.pick(everybody, "any", seed=seed) for seed in range(20)]
    assert drawn == [agents.pick(everybody, "any", seed=seed) for seed in range(20)]
    assert len(set(drawn)) > 1


def test_nobody_is_picked_where_there_is_nobody_of_the_kind(path: Path):
    everybody = agents.agents(AgentWeeksFile(path), "consumers")
    assert agents.pick(everybody, "newcomer") is None
    assert agents.pick(everybody[:0], "typical") is None
    with pytest.raises(KeyError):
        agents.pick(everybody, "happiest")


def test_weeks_are_in_currency_with_nothing_where_an_agent_is_absent(path: Path):
    weeks = agents.weeks(AgentWeeksFile(path), "merchants", 4)
    profit = weeks[weeks["measure"] == "profit"].pivot(index="week", columns="side", values="value")
    assert (profit["without"] == 1.0).all()
    assert (profit["with"][:7] == 1.0).all()
    assert profit["with"][7:].isna().all()
    merchant = agents.weeks(AgentWeeksFile(path), "merchants", 1).groupby("measure")["value"].mean()
    assert (merchant["price"], merchant["platforms"]) == (30.0, 2.0)
    newcomer = agents.weeks(AgentWeeksFile(path), "merchants", NEWCOMER)
    assert newcomer[newcomer["side"] == "without"]["value"].isna().all()
    opened = newcomer[(newcomer["measure"] == "profit") & (newcomer["side"] == "with")]["value"].to_list()
    assert opened[7:] == [-4.0, 5.0, 5.0]


def test_unknown_agents_and_files_are_refused_in_words(path: Path, tmp_path: Path):
    with pytest.raises(agents.UnreadableAgentWeeks, match="no merchant 77"):
        agents.weeks(AgentWeeksFile(path), "merchants", 77)
    with pytest.raises(agents.UnreadableAgentWeeks, match="weeks under the policy"):
        trajectories.agent_trajectory(AgentWeeksFile(path), "merchants", 5)
    with pytest.raises(agents.UnreadableAgentWeeks, match="record them again"):
        assert AgentWeeksFile(tmp_path / "none.parquet").about
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(agents.UnreadableAgentWeeks, match="record them again"):
        agents.agents(AgentWeeksFile(path), "merchants")


def test_a_trajectory_says_how_much_and_what_its_accounts_hold(path: Path):
    one = trajectories.agent_trajectory(AgentWeeksFile(path), "merchants", 3)
    assert one.name == "Independent merchant 3 (small)"
    assert one.headline == f"{one.name} earns 30.0 yuan a week more with the policy than without"
    assert "+20.0 from commission and +10.0 from all other items" in one.sentences[0]
    assert "Half of the weekly differences, added up, falls in 3 weeks of 5." in one.sentences
    assert "nobody gains more" in " ".join(one.sentences)
    assert "illustration, not an estimate" in one.note
    assert one.rows[0].words == ("Profit, yuan a week", "100", "130", "+30")


def test_parts_of_a_difference_add_up_to_it(path: Path):
    for party, identity in (("merchants", 1), ("workers", 9)):
        words = (
            trajectories.agent_trajectory(AgentWeeksFile(path), party, identity)
            .sentences[0]
            .replace("−", "-")
            .replace("\u202f", "")
        )
        whole, parts = words.split("difference of ")[1].split(": ")
        numbers = [float(part.split(" from")[0]) for part in parts.split(" and ", 1)]
        assert sum(numbers) == pytest.approx(float(whole), abs=0.011)


def test_who_is_there_on_one_side_only_is_described_as_such(path: Path):
    closed = trajectories.agent_trajectory(AgentWeeksFile(path), "merchants", 4)
    assert closed.headline.endswith("closes after week 7 with the policy, and without it is in business to the end")
    assert closed.last_week == (None, 7)
    opened = trajectories.agent_trajectory(AgentWeeksFile(path), "merchants", NEWCOMER)
    assert opened.headline == "Independent merchant N7 (small) opens in week 8, and only with the policy"
    assert "it is absent count as zero" in " ".join(opened.sentences)
    assert "−1.80 from the cost of opening and +3.00 from all other items" in opened.sentences[0]
    missing = trajectories.agent_trajectory(AgentWeeksFile(path), "workers", 8)
    assert missing.headline == "Regular worker 8 joins in week 7, but never with the policy"


def test_no_difference_is_called_none(path: Path):
    one = trajectories.agent_trajectory(AgentWeeksFile(path), "consumers", 0)
    assert one.headline == "Consumer 0 (poorest fifth) is as well off with the policy as without"
    assert "orders 2.00 instead of 1.00 a week" in one.sentences[0]
    assert "waiting time 30.0 instead of 30.0 minutes" in one.sentences[0]
    assert "No week differs." in one.sentences
    worker = trajectories.agent_trajectory(AgentWeeksFile(path), "workers", 9)
    assert worker.headline == "Regular worker 9 is 30.0 yuan a week better off with the policy than without"


@pytest.mark.parametrize("narrow", [False, True])
def test_weeks_figure_adds_up_money_and_leaves_gaps(path: Path, narrow: bool):
    one = trajectories.agent_trajectory(AgentWeeksFile(path), "merchants", 4)
    figure = agent_weeks(one.weeks, one.headline, party="merchants", policy_week=FIRST, currency="yuan", narrow=narrow)
    total = figure.data[0]
    assert np.allclose(total.y, [0, 0, 0, -1, -2, -3])
    assert total.x[0] == FIRST - 1
    assert "closes with the policy" in [note.text for note in figure.layout.annotations]
    with_policy = figure.data[1]
    assert np.isnan(with_policy.y[7:]).all()
    assert with_policy.connectgaps is False
    assert theme.words_of(figure)["finding"] == one.headline
    assert "no interval" in theme.words_of(figure)["note"]
    assert len(figure.data) == 1 + 2 * (len(agents.MEASURES["merchants"]) - 1), "nobody opened, nothing to show of it"


def test_smoothing_never_fills_a_week_of_absence():
    values, is_there = np.array([np.nan, 2.0, 4.0, np.nan, 6.0, 8.0]), np.array([0, 1, 1, 1, 1, 0], bool)
    assert np.allclose(smoothed(values, is_there, 2), [np.nan, 2.0, 3.0, 4.0, 6.0, np.nan], equal_nan=True)


@pytest.mark.parametrize("narrow", [False, True])
def test_rank_figure_marks_one_among_all(path: Path, narrow: bool):
    everybody = agents.agents(AgentWeeksFile(path), "merchants")
    figure = agents_rank(everybody, 2, "<b>M</b>", party="merchants", currency="yuan", narrow=narrow)
    curve, mark = figure.data[2], figure.data[3]
    assert np.allclose(curve.y, [-1.0, -0.6, 1.2, 2.0, 30.0])
    assert (mark.x[0], mark.y[0]) == (70.0, 2.0)
    assert (
        "60% of the 5 merchants are affected less favourably than this one, 20% more favourably"
        in theme.words_of(figure)["finding"]
    )
    assert "&lt;b&gt;" in mark.hovertext
