"""Figures have units on their axes, finite numbers, intervals, and titles that claim no more than they show."""

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis.figures import theme
from analysis.figures.heat_map import heat_map
from analysis.figures.key_measures import key_measures
from analysis.figures.moments_figure import errors, moments_figure
from analysis.figures.response_curve import response_curve
from analysis.figures.scatter import running_mean, scatter
from analysis.figures.trajectory import trajectory
from analysis.figures.who_gains import who_gains
from analysis.figures.who_within import who_within
from analysis.statistics.estimates import MONEY, focus, of_scenario
from experiments.storage.results import load_result
from tests.analysis._groups import distribution_frame
from tests.analysis._results import (
    CEILING,
    CUBE,
    OPENNESS,
    POLICY_WEEK,
    compare_doses,
    cube_doses,
    effects_frame,
    grid_doses,
    leave,
    moments_frame,
    sweep_doses,
    trajectories_frame,
)

COMPARE, SWEEP, GRID = (effects_frame(doses()) for doses in (compare_doses, sweep_doses, grid_doses))
SPREAD = effects_frame(cube_doses())
WEEKS = trajectories_frame(COMPARE)

DRAW: dict[str, Callable[..., go.Figure]] = {
    "who": lambda **k: who_gains(COMPARE, **k),
    "within": lambda **k: who_within(distribution_frame(), currency="yuan", **k),
    "who, several": lambda **k: who_gains(SWEEP, **k),
    "curve, money": lambda **k: response_curve(SWEEP, CEILING, list(MONEY.values()), **k),
    "curve, share": lambda **k: response_curve(SWEEP, CEILING, ["merchant_take_rate_independent"], **k),
    "map": lambda **k: heat_map(GRID, [CEILING, OPENNESS], "merchant_profit", **k),
    "map without a finding": lambda **k: heat_map(GRID, [CEILING, OPENNESS], "welfare_total", **k),
    "dots, money": lambda **k: scatter(SPREAD, CUBE[1], list(MONEY.values()), n_left_out=2, **k),
    "dots, share": lambda **k: scatter(SPREAD, CUBE[0], ["platform_leader_order_share"], **k),
    "weeks": lambda **k: trajectory(WEEKS, COMPARE, "consumer_price", policy_week=POLICY_WEEK, **k),
    "weeks, share": lambda **k: trajectory(
        WEEKS, COMPARE, "merchant_take_rate_independent", policy_week=POLICY_WEEK, **k
    ),
    "measures": lambda **k: key_measures(COMPARE, **k),
    "moments": lambda **k: moments_figure(moments_frame(), **k),
}
UNITS = ("yuan", "%", "percentage points", "week", "minutes", "number")
both_widths = pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
every_figure = pytest.mark.parametrize("name", DRAW)


def words(figure: go.Figure) -> str:
    return json.dumps(figure.to_dict()["layout"]["title"]["text"], ensure_ascii=False)


def numbers_in(value: object):
    if isinstance(value, dict):
        for part in value.values():
            yield from numbers_in(part)
    elif isinstance(value, list | tuple | np.ndarray):
        for part in value:
            yield from numbers_in(part)
    elif isinstance(value, float | np.floating):
        yield float(value)


@both_widths
@every_figure
def test_axes_carry_units_and_every_number_is_finite(name: str, narrow: bool):
    figure = DRAW[name](narrow=narrow).to_dict()
    layout = figure["layout"]
    titles = {key: (axis.get("title") or {}).get("text", "") for key, axis in layout.items() if "axis" in key}
    valued = [key for key, axis in layout.items() if "axis" in key and not _names_rows(figure, key, axis)]
    shown = [key for key in valued if layout[key].get("showticklabels") is not False]
    labelled = [key for key in shown if titles[key]]
    assert labelled, "no axis has a title"
    for key in labelled:
        assert any(unit in titles[key].replace("<br>", " ") for unit in UNITS), titles[key]
    if "several" not in name and "weeks" not in name:
        assert labelled == shown
    for number in numbers_in([{k: t.get(k) for k in ("x", "y", "error_x", "error_y")} for t in figure["data"]]):
        assert math.isfinite(number)


def _names_rows(figure: dict, key: str, axis: dict) -> bool:
    """An axis of names (parties, measures, moments) needs no unit."""
    letter, suffix = key[0], key.removeprefix("xaxis").removeprefix("yaxis")
    if letter == "x":
        return False
    drawn = [t for t in figure["data"] if t.get("yaxis", "y") == f"y{suffix}"]
    named = {name.split("<br>")[0] for name in axis.get("ticktext") or []}
    known = {"<b>Untargeted</b>", "Utilisation", "Poorest fifth", "Chains", "Regular"}
    return any(isinstance(v, str) for t in drawn for v in t.get("y") or []) or bool(known & named)


@both_widths
@every_figure
def test_titles_fit_and_are_kept_for_the_page(name: str, narrow: bool):
    figure = DRAW[name](narrow=narrow)
    finding = theme.words_of(figure)["finding"]
    assert finding
    assert len(finding) < 150
    bare = theme.without_title(figure)
    assert bare.to_dict()["layout"]["title"]["text"] == ""
    assert bare.to_dict()["layout"]["height"] < figure.to_dict()["layout"]["height"]


def test_whiskers_reach_from_low_to_high():
    bars = who_gains(COMPARE).to_dict()["data"][0]
    row = COMPARE[COMPARE["metric"] == "platform_profit"].iloc[0]
    place = list(bars["y"]).index("Platforms")
    assert bars["x"][place] == pytest.approx(-390)
    assert bars["x"][place] + bars["error_x"]["array"][place] == pytest.approx(row["high"])
    assert bars["x"][place] - bars["error_x"]["arrayminus"][place] == pytest.approx(row["low"])


def test_bars_not_distinguishable_from_zero_are_pale():
    bars = who_gains(COMPARE).to_dict()["data"][0]
    pale = {name for name, opacity in zip(bars["y"], bars["marker"]["opacity"], strict=True) if opacity < 0.5}
    assert pale == {"Consumers", "Workers", "Opening of businesses", "Total welfare"}
    assert theme.words_of(who_gains(COMPARE))["finding"] == "Merchants gain, platforms and the state lose"


def test_several_scenarios_are_counted_in_the_title():
    finding = theme.words_of(who_gains(SWEEP))["finding"]
    assert finding == "Merchants gain in 4 of 5 scenarios, platforms and the state lose in 4"


def test_bands_and_shares_of_a_response_curve():
    band, line = response_curve(SWEEP, CEILING, ["merchant_take_rate_independent"]).to_dict()["data"]
    assert line["x"] == pytest.approx([8, 10, 12, 15, 18])
    assert line["y"][2] == pytest.approx(-5.2)
    rows = SWEEP[SWEEP["metric"] == "merchant_take_rate_independent"]
    assert list(band["y"][:5]) == pytest.approx(list(100 * rows["high"]))
    assert list(band["y"][5:]) == pytest.approx(list(100 * rows["low"])[::-1])  # once round, without crossing
    assert list(band["x"]) == pytest.approx([8, 10, 12, 15, 18, 18, 15, 12, 10, 8])


def test_marks_of_a_response_curve_are_hollow_where_nothing_can_be_told():
    _, line = response_curve(SWEEP, CEILING, ["consumer_orders"]).to_dict()["data"]
    filled = [colour == theme.colour("consumers") for colour in line["marker"]["color"]]
    assert filled == [True, False, False, False, False]


def test_measures_of_different_units_do_not_share_an_axis():
    with pytest.raises(ValueError, match="several units"):
        response_curve(SWEEP, CEILING, ["consumer_price", "consumer_delay"])


def test_dots_are_hollow_where_nothing_can_be_told_and_hold_every_point():
    figure = scatter(SPREAD, CUBE[0], ["consumer_surplus"]).to_dict()
    dots, mean = figure["data"]
    filled = [colour == theme.colour("consumers") for colour in dots["marker"]["color"]]
    rows = SPREAD[SPREAD["metric"] == "consumer_surplus"]
    assert filled == list(rows["high"] < 0)
    assert dots["x"] == pytest.approx(list(100 * rows[CEILING["key"]]))
    assert dots["y"] == pytest.approx(list(rows["effect"]))
    assert len(mean["x"]) == 24 - 8 + 1


def test_a_running_mean_keeps_a_straight_line_and_averages_values_that_repeat():
    line = running_mean([(float(x), 3.0 * x - 1.0) for x in range(30)])
    assert line[0][0] > 0
    assert all(y == pytest.approx(3.0 * x - 1.0) for x, y in line)
    assert running_mean([(1.0, 0.0), (2.0, 5.0), (1.0, 4.0), (2.0, 7.0)]) == [(1.0, 2.0), (2.0, 6.0)]
    assert running_mean([(1.0, 0.0), (2.0, 5.0), (3.0, 4.0)]) == []


def test_maps_say_where_there_is_no_result_and_keep_small_print_inside_their_cells():
    effects = GRID[GRID["scenario"] != 3]
    figure = heat_map(effects, [CEILING, OPENNESS], "merchant_profit")
    assert "White: no result." in theme.words_of(figure)["note"]
    assert "White" not in theme.words_of(heat_map(GRID, [CEILING, OPENNESS], "merchant_profit"))["note"]
    wide = GRID.assign(low=-123456.7, high=123456.7)
    texts = [
        note["text"]
        for note in heat_map(wide, [CEILING, OPENNESS], "merchant_profit").to_dict()["layout"]["annotations"]
    ]
    assert not [text for text in texts if "span" in text]


def test_cells_without_a_finding_have_no_colour_and_the_rest_their_sign():
    figure = heat_map(GRID, [CEILING, OPENNESS], "merchant_profit").to_dict()
    z = figure["data"][0]["z"]
    assert sum(v is None for line in z for v in line) == 2
    assert z[0][0] == pytest.approx(412 * 0.11 * 14)  # ceiling 8%, not interoperable
    assert z[3][0] == pytest.approx(412 * 0.11 * 14 * -0.4)  # ceiling 8%, all interoperable
    assert len(figure["layout"]["shapes"]) == 2
    finding = figure["layout"]["meta"]["finding"]
    assert finding == "Merchant profit: up in 14 and down in 4 of 20 combinations, not distinguishable from zero in 2"


def test_a_map_without_a_finding_still_has_its_axes_and_numbers():
    figure = heat_map(GRID, [CEILING, OPENNESS], "welfare_total").to_dict()
    assert figure["layout"]["xaxis"]["range"] == [-0.5, 4.5]
    assert len(figure["layout"]["annotations"]) == 20
    assert "no effect is distinguishable" in figure["layout"]["meta"]["finding"]


def test_a_trajectory_marks_the_week_in_both_panels_and_names_the_mean_effect():
    figure = trajectory(WEEKS, COMPARE, "consumer_price", policy_week=POLICY_WEEK).to_dict()
    lines = [s for s in figure["layout"]["shapes"] if s["x0"] == s["x1"] == POLICY_WEEK]
    assert len(lines) == 2
    assert "0.74 [0.69,\u00a00.79] yuan per order" in figure["layout"]["meta"]["finding"]
    calm = trajectory(WEEKS, COMPARE, "consumer_delay", policy_week=POLICY_WEEK)
    assert "no effect distinguishable from zero" in theme.words_of(calm)["finding"]


def test_shares_over_time_are_in_per_cent_and_points():
    figure = trajectory(WEEKS, COMPARE, "merchant_take_rate_independent", policy_week=POLICY_WEEK).to_dict()
    without, with_rule, band, difference = figure["data"]
    assert max(without["y"]) == pytest.approx(18.1, rel=0.02)
    assert with_rule["y"][-1] == pytest.approx(12.9, rel=0.03)
    assert difference["y"][-1] == pytest.approx(-5.2, rel=0.06)
    assert min(band["y"]) < difference["y"][-1] < max(band["y"])


def test_key_measures_are_in_per_cent_and_leave_out_what_has_none():
    figure = key_measures(COMPARE).to_dict()
    dots = {trace["name"]: trace for trace in figure["data"]}
    assert dots["Take rate of bound merchants"]["x"][0] == pytest.approx(100 * -0.052 / 0.181)
    assert dots["Price paid per order"]["error_x"]["array"][0] == pytest.approx(100 * 0.05 / 48.8)
    assert "Cost of enforcement" not in dots
    assert "cost of enforcement" in figure["layout"]["meta"]["note"]
    assert figure["layout"]["meta"]["finding"].startswith("4 of 11 measures change; margin per order most")


def test_a_level_that_turns_its_sign_has_no_per_cent():
    effects = effects_frame(compare_doses(), platform_margin=(-3.0, 0.2))
    figure = key_measures(effects).to_dict()
    assert "Margin per order" not in {trace["name"] for trace in figure["data"]}
    assert "margin per order and cost of enforcement" in figure["layout"]["meta"]["note"]
    assert "take rate of bound merchants most" in figure["layout"]["meta"]["finding"]


def test_an_effect_far_beyond_the_others_is_an_arrow_at_the_edge_with_its_number():
    effects = effects_frame(compare_doses(), consumer_orders=(40200.0, 100.0))
    figure = key_measures(effects).to_dict()
    dots = {trace["name"]: trace for trace in figure["data"]}
    edge = figure["layout"]["xaxis"]["range"][1]
    assert dots["Orders"]["marker"]["symbol"] == "triangle-right"
    assert dots["Orders"]["x"][0] < edge < 1000
    assert any("10\u202f000% [9" in note["text"] for note in figure["layout"]["annotations"])
    assert dots["Price paid per order"]["marker"]["symbol"] == "circle"


def test_of_very_many_measures_the_agreed_ones_are_drawn():
    orders = COMPARE[COMPARE["metric"] == "consumer_orders"]
    others = pd.concat([orders.assign(metric=f"other_{i}", title=f"Other {i}") for i in range(30)])
    names = {trace["name"] for trace in key_measures(pd.concat([COMPARE, others])).to_dict()["data"]}
    assert "Orders" in names
    assert not [name for name in names if name.startswith("Other ")]


def test_moments_are_compared_on_the_scale_of_their_kind():
    rows = {row.moment: row for row in moments_frame().itertuples(index=False)}
    assert errors(rows["hhi"])[0] == pytest.approx(100 * (5610 / 5854 - 1))
    assert errors(rows["multi"]) == pytest.approx((3.2, 2.4, 4.0, 2.0))
    assert theme.words_of(moments_figure(moments_frame()))["finding"] == (
        "Within tolerance: 2 of 3 untargeted moments and 4 of 4 targeted moments"
    )


def test_parties_keep_their_colour_and_mark_in_every_figure():
    curve = response_curve(SWEEP, CEILING, list(MONEY.values())).to_dict()["data"]
    colours = [trace["line"]["color"] for trace in curve if trace["mode"] == "lines+markers"]
    bars = who_gains(COMPARE).to_dict()["data"][0]["marker"]["color"]
    assert colours == list(bars)
    assert len(set(theme.SYMBOLS.values())) == len(theme.PARTY_COLOURS)


@pytest.mark.parametrize("narrow", [False, True])
def test_words_of_others_cannot_become_markup(narrow: bool):
    effects = COMPARE.assign(title="<a href='https://example.eu'>x</a><script>", unit="<b>yuan</b>", label="<i>cap</i>")
    for figure in (
        who_gains(effects, baseline_label="<u>none</u>", narrow=narrow),
        key_measures(effects, baseline_label="<u>none</u>", narrow=narrow),
        trajectory(WEEKS, effects, "consumer_price", policy_week=53, baseline_label="<u>", narrow=narrow),
    ):
        text = json.dumps(theme.without_title(figure).update_layout(meta={}).to_plotly_json(), default=str)
        for markup in ("<a", "<script", "<u>", "<i>cap", "<b>yuan"):
            assert markup not in text, markup


def test_one_replicate_draws_points_without_whiskers(tmp_path: Path):
    effects = effects_frame(sweep_doses(), n_replicates=1)
    result = load_result(leave(tmp_path, "sweep", effects=effects))
    one = of_scenario(result.effects, focus(result.effects))
    for figure in (
        who_gains(one),
        key_measures(one),
        response_curve(effects, CEILING, ["consumer_price"]),
        trajectory(of_scenario(result.trajectories, 0), one, "consumer_price", policy_week=POLICY_WEEK),
    ):
        traces = figure.to_dict()["data"]
        numbers = numbers_in([{k: t.get(k) for k in ("x", "y", "error_x")} for t in traces])
        assert all(math.isfinite(v) for v in numbers)
        assert "[0" not in words(figure)


def test_the_mode_bar_sends_nothing_anywhere():
    assert {"sendChartToCloud", "sendDataToCloud"} <= set(theme.CONFIG["modeBarButtonsToRemove"])
    assert theme.CONFIG["plotlyServerURL"] == ""
    assert not theme.CONFIG["displaylogo"]


def test_labels_are_moved_apart_and_keep_their_order():
    places = [0.0, 1.0, 1.5, 100.0]
    moved = theme.spread(places, 10)
    assert moved == sorted(moved)
    assert all(b - a >= 10 - 1e-9 for a, b in itertools.pairwise(moved))
    assert moved[3] == 100.0
    assert sum(moved[:3]) == pytest.approx(sum(places[:3]))


# Machado, Oliveira and Fernandes (2009), severity 1.0
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_party_colours_are_told_apart_with_any_sight(sight: str, page: int):
    seen = [lab(np.array(SIGHT[sight]) @ linear(pair[page])) for pair in theme.PARTY_COLOURS.values()]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 20


@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_words_in_party_colours_can_be_read(page: int):
    paper = theme.NEUTRAL_COLOURS["paper"][page]
    pairs = {**theme.PARTY_COLOURS, **{k: theme.NEUTRAL_COLOURS[k] for k in ("ink", "muted")}}
    for name, pair in pairs.items():
        assert contrast(pair[page], paper) >= 4.4, name
