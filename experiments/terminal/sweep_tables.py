"""What a sweep says on the terminal: effects point by point, of very many points those at the ends."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.statistics import estimates as est
from analysis.wording.numbers import scale_of
from analysis.wording.parties import party_title
from experiments.terminal.tables import plain, short, show_table

MOST_POINTS = 30
"""Points up to which all are shown."""
N_ENDS = 5
"""Of more points: those with the highest effect on total welfare, and as many with the lowest."""
PER_TABLE = 5
"""Outcomes side by side."""
CORRECTED = (
    "Sentences claim a gain or a loss only where it outlasts a correction for the number of points (Holm 1979); a star "
    "looks at one interval alone, and one interval in twenty leaves out zero by chance."
)


def show_points(effects: Any, outcomes: Sequence[str], folder: Path) -> None:
    """Print the parties' money and every other outcome named, one row a point."""
    effects = effects.assign(place=[_broken(label) for label in effects["label"].astype(str)])
    shown, n_left_out = _shown(effects)
    rows = effects[effects["scenario"].isin(shown)]
    money = list(est.MONEY.values())
    unit = est.money(effects)["unit"].iloc[0]
    title = f"Who gains and who loses: paired differences, mean week under the policy, {unit}"
    print()
    heads = ["\n".join(textwrap.wrap(party_title(party), 10)) for party in est.MONEY]
    show_table(title, ["", *heads, ""], _rows(rows, shown, money, _round))
    others = [m for m in outcomes if m not in money and m in set(effects["metric"])]
    for start in range(0, len(others), PER_TABLE):
        some = others[start : start + PER_TABLE]
        print()
        show_table("Other outcomes", ["", *_heads(effects, some), ""], _rows(rows, shown, some, _scaled))
    if n_left_out:
        print(
            f"The {N_ENDS} points with the highest effect on total welfare, and {N_ENDS} with the lowest;\n"
            f"{n_left_out:,} more are left out.\nAll: {folder / 'effects.parquet'}"
        )
    print("\u00b1 half of the 95% interval; * the whole interval lies on one side of zero")


def won_back(waterbed: Any) -> str:
    """How much of what the rule takes platforms win back, from point to point."""
    own = waterbed[waterbed["is_main"]]
    shares = own[(own["part"] == "whole") & (own["measure"] == "waterbed") & own["share"].notna()]["share"]
    if shares.empty:
        return ""
    ends = list(dict.fromkeys(f"{100 * share:.0f}%" for share in (shares.min(), shares.max())))
    return f"By their response platforms win back {' to '.join(ends)} of the revenue that the rule takes from an order."


def moments_in_short(moments: Any) -> str:
    """How many moments the simulated market meets, and where the table is."""
    from analysis.wording.evidence import role_title

    if not len(moments):
        return "No moments: they need four weeks before horizon.policy_week."
    judged = moments[moments["verdict"].isin(["within", "outside"])]
    parts = [
        f"{int((own['verdict'] == 'within').sum())} of {len(own)} {role_title(str(role)).lower()}"
        for role, own in judged.groupby("role", sort=False)
    ]
    return f"Observed moments that the market without the policy meets: {', '.join(parts)}; the table is in the report."


def _broken(label: str) -> str:
    """A label over several lines, one a part; what stands in brackets stays together."""
    return re.sub(r", (?![^(]*\))", "\n", label)


def _shown(effects: Any) -> tuple[list[int], int]:
    """Scenarios to show: all of few; of many, those of the largest and of the smallest effect on total welfare."""
    places = [number for number, _ in est.scenarios(effects)]
    if len(places) <= MOST_POINTS:
        return places, 0
    whole = effects[(effects["metric"] == est.MONEY["welfare"]) & effects["effect"].notna()]
    order = [int(n) for n in whole.sort_values("effect", ascending=False, kind="stable")["scenario"]]
    ends = order if len(order) <= 2 * N_ENDS else [*order[:N_ENDS], *order[-N_ENDS:]]
    return ends, len(places) - len(ends)


def _heads(effects: Any, metrics: Sequence[str]) -> list[str]:
    first = effects.drop_duplicates("metric").set_index("metric")
    words = [f"{first.loc[m, 'title']}, {scale_of(str(first.loc[m, 'unit'])).change}" for m in metrics]
    return ["\n".join(textwrap.wrap(plain(text), 18)) for text in words]


def _rows(rows: Any, order: Sequence[int], metrics: Sequence[str], cell: Any) -> list[list[str]]:
    """One row a point, in the order given: effect and half of its 95% interval, metric by metric."""
    found: dict[int, dict[str, est.Estimate]] = {}
    known = rows[rows["effect"].notna()]
    for scenario, e in zip(known["scenario"], est.estimates(known), strict=True):
        found.setdefault(int(scenario), {})[e.metric] = e
    places: Mapping[int, str] = rows.drop_duplicates("scenario").set_index("scenario")["place"].to_dict()
    return [[places[n], *(cell(found[n][m]) if m in found.get(n, {}) else "-" for m in metrics), ""] for n in order]


def _round(e: est.Estimate) -> str:
    half = f" \u00b1 {e.high - e.effect:,.0f}" if e.has_interval else ""
    effect = round(e.effect) + 0  # an int: -0.4 is 0, not -0
    return f"{effect:+,}{half}{'*' if e.sign else ' '}"


def _scaled(e: est.Estimate) -> str:
    return short(e, scale_of(e.unit).factor)
