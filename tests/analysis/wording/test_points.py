"""Points of a sweep: how they lie decides the figures, and no lever is said to matter where chance can do as much."""

from pathlib import Path

import pytest

from analysis.figures import theme
from analysis.report.panels import response_panels, shared_note
from analysis.result import Result
from analysis.statistics.estimates import MONEY
from analysis.wording import points
from analysis.wording.findings import deciding, findings, headline
from experiments.storage.results import load_result
from tests.analysis._results import CEILING, CUBE, OPENNESS, alone_doses, cube_doses, effects_frame, leave

pytestmark = pytest.mark.long

NAMED = ["platform_profit", "platform_leader_order_share", "consumer_price"]


def result_of(folder: Path, verb: str, **changed) -> Result:
    return load_result(leave(folder, verb, **changed))


def names(result: Result) -> list[str]:
    return [panel.name for panel in response_panels(result)]


@pytest.mark.parametrize(
    ("verb", "how"), [("grid", points.GRID), ("sweep", points.GRID), ("cube", points.SPREAD), ("alone", points.ALONE)]
)
def test_how_points_lie_is_read_from_the_points(tmp_path: Path, verb: str, how: str):
    assert points.shape(result_of(tmp_path, verb)) == how


def test_a_grid_with_a_few_failures_is_still_one(tmp_path: Path):
    effects = load_result(leave(tmp_path / "whole", "grid")).effects
    result = result_of(tmp_path, "grid", effects=effects[~effects["scenario"].isin([0, 7])])
    assert points.shape(result) == points.GRID
    assert names(result)[0] == "map_welfare_total"


def test_points_spread_over_two_levers_are_no_map(tmp_path: Path):
    doses = [
        (f"point {i}", {CEILING["key"]: 0.05 + i / 1000, OPENNESS["key"]: (29 * i % 64) / 64}, 1.0 + i / 64)
        for i in range(64)
    ]
    result = result_of(tmp_path, "grid", effects=effects_frame(doses))
    assert names(result) == ["dots_money_1", "dots_money_2"]


def test_the_lever_that_matters_comes_first_and_the_title_says_who_follows_it(tmp_path: Path):
    first, *others = response_panels(result_of(tmp_path, "cube"))
    assert first.finding == "Commission ceiling: the higher, the less merchants gain (rank correlation −1.00)"
    assert [panel.finding.split(": ")[1] for panel in others] == ["no effect is significantly correlated with it"] * 2


def test_the_words_follow_the_sign_of_the_effects_and_of_the_correlation():
    def said(sign: int, r: float, metric: str = "platform_profit", party: str = "platforms") -> str:
        return points.Link(metric, "Price paid", party, sign, r, 0.0, 1).words.split(" (")[0]

    assert said(-1, 0.9) == "the higher, the less platforms lose"
    assert said(-1, -0.9) == "the higher, the more platforms lose"
    assert said(1, 0.9) == "the higher, the more platforms gain"
    assert said(1, -0.9) == "the higher, the less platforms gain"
    assert said(0, -0.9) == "the higher, the worse platforms fare"
    assert said(-1, 0.9, "state_net", "state") == "the higher, the less the state loses"
    assert said(-1, 0.9, "owners_opening", "owners") == "the higher, the less is spent on the opening of businesses"
    assert said(1, -0.9, "owners_opening", "owners") == "the higher, the more is spent on the opening of businesses"
    assert said(-1, 0.9, "consumer_price", "consumers") == "the higher, the less the rule lowers price paid"
    assert said(0, -0.9, "consumer_price", "consumers") == "the higher, the lower the change in price paid"


def test_a_correlation_counts_only_after_all_tests(tmp_path: Path):
    result = result_of(tmp_path, "cube")
    for mine in points.links(result, list(MONEY.values())).values():
        for link in mine:
            assert link.n_tests == len(CUBE) * len(MONEY)
            assert link.is_chance == (link.p_value * link.n_tests >= 0.05)


def test_an_effect_that_hardly_varies_is_not_what_a_lever_moves(tmp_path: Path):
    effects = effects_frame(cube_doses(), state_net=(-6.0, 0.1))
    told = points.links(result_of(tmp_path, "cube", effects=effects), list(MONEY.values()))
    assert "state_net" not in {link.metric for mine in told.values() for link in mine}


def test_few_points_claim_nothing(tmp_path: Path):
    result = result_of(tmp_path, "cube", effects=effects_frame(cube_doses(6)))
    assert all("too few points" in panel.finding for panel in response_panels(result))
    assert deciding(result) == []
    assert [found.topic for found in findings(result)][-1].startswith("Other outcomes")


def test_at_most_six_levers_are_drawn_and_the_rest_is_counted(tmp_path: Path):
    effects = effects_frame(cube_doses())
    more = [{"key": f"x{i}", "title": f"Lever {i}", "unit": "", "values": [0.1, 0.2]} for i in range(5)]
    for place, lever in enumerate(more):
        effects[lever["key"]] = (effects["scenario"] * (5 + 2 * place)) % 24 + 0.5
    result = result_of(tmp_path, "cube", effects=effects)
    result.record["levers"].extend(more)
    panels = response_panels(result)
    assert len(panels) == 6
    assert "Left out: 2 parameters with weaker correlations." in panels[0].note


def test_outcomes_named_are_drawn_after_money_each_in_its_unit(tmp_path: Path):
    curves = response_panels(result_of(tmp_path / "1", "sweep", outcomes=NAMED))
    assert [panel.name for panel in curves] == [
        *("response_money", "response_platform_leader_order_share", "response_consumer_price"),
    ]
    maps = {panel.name: panel for panel in response_panels(result_of(tmp_path / "2", "grid", outcomes=NAMED))}
    assert list(maps)[-2:] == ["map_platform_leader_order_share", "map_consumer_price"]
    strongest = {name: max(abs(v) for v in (p.wide.data[0].zmin, p.wide.data[0].zmax)) for name, p in maps.items()}
    assert strongest["map_state_net"] == strongest["map_merchant_profit"] > 100 > strongest["map_consumer_price"]
    dots = names(result_of(tmp_path / "3", "cube", outcomes=NAMED))
    assert dots[-4:] == [f"dots_{m}_{i}" for m in NAMED[1:] for i in (1, 2)]


@pytest.mark.parametrize("outcomes", [None, [], ["state_net"], ["no_such_metric"]])
def test_without_other_outcomes_the_headline_measures_stay(tmp_path: Path, outcomes: list[str] | None):
    assert len(names(result_of(tmp_path, "sweep", outcomes=outcomes))) == 5


def test_a_lever_varied_alone_is_compared_with_the_base_point(tmp_path: Path):
    effects = effects_frame(alone_doses(), welfare_total=(-200.0, 30.0))
    result = result_of(tmp_path, "alone", effects=effects, outcomes=NAMED)
    panels = response_panels(result)
    assert [p.name for p in panels] == ["ends_welfare_total", "ends_platform_leader_order_share", "ends_consumer_price"]
    assert panels[0].finding == (
        "The effect on total welfare changes most with a commission ceiling of 5%: from −200 to −600 "
        "yuan per 1\u202f000 consumers a week"
    )
    bars = panels[0].wide.data[0]
    assert [float(b + x) for b, x in zip(bars.base, bars.x, strict=True)] == pytest.approx(
        [-600, -180, -240, -100, -204, -200]
    )
    assert list(bars.marker.opacity) == [0.92, 0.3, 0.3, 0.92, 0.3, 0.3]
    assert "base point" in theme.words_of(panels[0].wide)["note"]


@pytest.mark.parametrize(("half", "is_clear"), [(270.0, True), (300.0, False)])
def test_a_change_is_judged_by_both_intervals_together(tmp_path: Path, half: float, is_clear: bool):
    effects = effects_frame(alone_doses(), welfare_total=(-200.0, half))
    found = points.ends(result_of(tmp_path, "alone", effects=effects), "welfare_total")
    assert found is not None
    assert found[1][0][0].is_clear == is_clear  # 400 apart: beyond 1.41 half-widths, or within


def test_small_figures_say_once_what_their_notes_have_in_common(tmp_path: Path):
    panels = response_panels(result_of(tmp_path, "cube", outcomes=NAMED))
    said = shared_note(panels)
    assert said.endswith("Lines: running means.")
    assert panels[-1].note.removeprefix(said) == " Left out: 1 parameter with weaker correlations."


def test_a_lever_that_stays_within_the_base_interval_is_not_said_to_move_anything(tmp_path: Path):
    result = result_of(tmp_path, "alone", effects=effects_frame(alone_doses(), welfare_total=(-20.0, 300.0)))
    assert response_panels(result)[0].finding.startswith("No parameter varied alone changes")
    assert deciding(result)[-1].lead.startswith("No parameter varied alone changes")


def test_the_headline_of_spread_points_counts_them_and_a_finding_says_what_decides(tmp_path: Path):
    result = result_of(tmp_path, "cube")
    said = headline(result)
    assert said.startswith("Merchants gain at every point tried; platforms and the state lose at every point tried")
    assert "combination" not in said
    found = deciding(result)[-1]
    assert found.topic == "What the effects depend on"
    assert found.lead.startswith("Commission ceiling: the higher")
    assert found.details[0] == "No effect is significantly correlated with price sensitivity or supply elasticity."
