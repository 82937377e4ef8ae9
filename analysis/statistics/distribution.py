"""Within each party: who gains and who loses, by group and agent by agent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.statistics.effects import Array, mean_interval
from analysis.tables import TABLES, Frame

CENTS = 100.0
MATERIAL_SHARE = 0.02
LEAST_MATERIAL = 0.01
"""An agent gains or loses when its money changes by more than this share of what agents like it (of the same fifth of
incomes; tier and size; activity) have at stake on average, in size, and by more than a cent a week. What is less may
be chance: an order that goes to the next merchant or rider because something changed elsewhere. Under a cap that
hardly binds, such chance carries 5% of merchants beyond 2% on either side, and 15% beyond 1%."""

GROUPINGS = {
    "consumers": {"income quintile": "quintile"},
    "merchants": {"tier": "tier", "size": "size"},
    "workers": {"activity": "group"},
}
ORDER = {"tier": ("chain", "independent"), "size": ("small", "middle", "large", "new")}
QUANTILES = {"p5": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
"""Columns that say how effects lie over the agents of a group."""
MEASURES = ("baseline", "effect", "share_gain", "share_lose", *QUANTILES, "threshold")
SHARES = ("share_gain", "share_lose")


type Words = tuple[Array, list[str]]
"""Codes and what they stand for."""


def agent_columns(parties: Mapping[str, Mapping[str, Array]]) -> dict[str, Array | Words]:
    """Columns over every party's agents, as `sim.metrics.tally.Tally.frames` gives them, and `party`.

    A party without a column has no word there, or no number.
    """
    lengths = {party: len(columns["identity"]) for party, columns in parties.items()}
    all_columns: dict[str, Array | Words] = {
        "party": (np.repeat(np.arange(len(parties), dtype=np.int8), [*lengths.values()]), [*parties])
    }
    for name in dict.fromkeys(name for columns in parties.values() for name in columns):
        held = [columns[name] for columns in parties.values() if name in columns]
        if held[0].dtype == object:
            words = sorted({word for column in held for word in np.unique(column.astype(str))})
            parts = [
                np.searchsorted(words, c[name].astype(str)) if name in c else np.full(lengths[p], -1)
                for p, c in parties.items()
            ]
            all_columns[name] = np.concatenate(parts).astype(np.int8), words
            continue
        kind = held[0].dtype if len(held) == len(parties) else np.float32
        all_columns[name] = np.concatenate(
            [np.asarray(c[name], kind) if name in c else np.full(lengths[p], np.nan, kind) for p, c in parties.items()]
        )
    return all_columns


def agent_frame(parties: Mapping[str, Mapping[str, Array]]) -> Frame:
    """The same as one frame."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(values[0], pd.Index(values[1])) if isinstance(values, tuple) else values
            for name, values in agent_columns(parties).items()
        }
    )


def distribution(
    pairs: Iterable[tuple[Frame, Frame]],
    n_weeks: int,
    n_policy_weeks: int | None = None,
    draws: Sequence[int] | None = None,
) -> Frame:
    """Paired effects by group, with 95% intervals over replicates, and the shares of agents who gain and who lose.

    A pair holds the agents of the runs without and with the policy (`agent_frame`); pairs may come from a generator.
    Agents are matched by identity; one that exists on one side only counts zero on the other: a closed business
    earns nothing, one that never opened neither. Levels are averaged over the whole window of `n_weeks`, those who
    were there for part of it as well, effects over the weeks since the first rule (by default all of the window).
    Money is in currency a week, per agent but for `total_effect`, which is the whole group's and adds up. Per agent
    measures of a group leave out replicates where nobody is in it. With `draws`, the draw of every pair, intervals are
    over draws, each the mean of its pairs.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    n_replicates = 0
    for n_replicates, (before, after) in enumerate(pairs, 1):
        own = n_replicates if draws is None else draws[n_replicates - 1]
        for party in GROUPINGS:
            mine = before[before["party"] == party], after[after["party"] == party]
            rows += [{"draw": own} | row for row in _replicate(party, *mine, n_weeks, n_policy_weeks or n_weeks)]
    by_replicate = pd.DataFrame(rows)
    if by_replicate.empty:
        return pd.DataFrame(columns=TABLES["distribution"].names[2:])
    if draws is not None:
        by_replicate, n_replicates = _by_draw(by_replicate, draws), len(set(draws))
    groups = by_replicate.groupby(["party", "grouping", "group"], sort=False)
    summed = [_over_replicates(part, n_replicates) for _, part in groups]
    return pd.DataFrame(sorted(summed, key=_place))


def _by_draw(of_pairs: Frame, draws: Sequence[int]) -> Frame:
    """Rows of pairs as means over the pairs of every draw; heads and their money count zero where nobody is there."""
    of_draw = of_pairs.groupby(["party", "grouping", "group", "draw"], sort=False)
    means, n_pairs = of_draw.mean(), [draws.count(own) for own in of_draw.first().reset_index()["draw"]]
    for whole in ("n_agents", "total_effect"):
        means[whole] = of_draw[whole].sum() / n_pairs
    return means.reset_index()


def _replicate(party: str, before: Frame, after: Frame, n_weeks: int, n_policy_weeks: int) -> list[dict[str, Any]]:
    """Measures of every group of a party in one pair of runs."""
    base, difference, labels = _matched(before, after, list(GROUPINGS[party].values()))
    if not len(base):
        return []
    base, difference = base / CENTS / n_weeks, difference / CENTS / n_policy_weeks
    codes, names = _coded(labels)
    threshold = _threshold(base, list(codes.values()))
    everyone = np.zeros(len(base), np.int64)
    groupings = {"all": (everyone, ["all"])}
    groupings |= {title: (codes[column], names[column]) for title, column in GROUPINGS[party].items()}
    rows = []
    for grouping, (code, groups) in groupings.items():
        for g, group in enumerate(groups):
            chosen = slice(None) if grouping == "all" else code == g
            own, bound = difference[chosen], threshold[chosen]
            quantiles = zip(QUANTILES, np.quantile(own, [*QUANTILES.values()]), strict=True)
            rows.append(
                {"party": party, "grouping": grouping, "group": group, "n_agents": len(own)}
                | {"baseline": base[chosen].mean(), "effect": own.mean(), "total_effect": own.sum()}
                | {"share_gain": (own > bound).mean(), "share_lose": (own < -bound).mean()}
                | {"threshold": bound.mean(), **dict(quantiles)}
            )
    return rows


def _matched(before: Frame, after: Frame, columns: list[str]) -> tuple[Array, Array, dict[str, Array]]:
    """Cents without the policy and their difference (float64) of all who exist on either side, and their groups.

    Where the two sides classify somebody differently, the run without the policy decides.
    """
    ids = [frame["identity"].to_numpy() for frame in (before, after)]
    cents = [frame["total_cents"].to_numpy().astype(np.float64) for frame in (before, after)]
    if np.array_equal(*ids):
        return cents[0], cents[1] - cents[0], {column: before[column].to_numpy() for column in columns}
    identity = np.union1d(*ids)
    places = [np.searchsorted(identity, own) for own in ids]
    if any(len(np.unique(place)) < len(place) for place in places):
        raise ValueError("an identity occurs twice in one run's agents: their money cannot be matched")
    money = np.zeros((2, len(identity)))
    labels = {column: np.empty(len(identity), object) for column in columns}
    for world, frame in ((1, after), (0, before)):
        money[world, places[world]] = cents[world]
        for column in columns:
            labels[column][places[world]] = frame[column].to_numpy()
    return money[0], money[1] - money[0], labels


def _coded(labels: dict[str, Array]) -> tuple[dict[str, Array], dict[str, list[str]]]:
    """Groups as whole numbers, and their names."""
    import pandas as pd

    codes, names = {}, {}
    for column, values in labels.items():
        codes[column], categories = pd.factorize(values)
        names[column] = [value if isinstance(value, str) else str(int(value)) for value in categories]
    return codes, names


def _threshold(base: Array, codes: list[Array]) -> Array:
    """What every agent must gain or lose to be counted, from the mean stake of agents alike in every grouping."""
    cell = np.zeros(len(base), np.int64)
    for code in codes:
        cell = cell * (int(code.max()) + 1) + code
    _, cell = np.unique(cell, return_inverse=True)
    stake = np.bincount(cell, weights=np.abs(base)) / np.bincount(cell)
    return np.maximum(MATERIAL_SHARE * stake, LEAST_MATERIAL)[cell]


def _over_replicates(part: Frame, n_replicates: int) -> dict[str, Any]:
    row: dict[str, Any] = {key: part[key].iloc[0] for key in ("party", "grouping", "group")}
    row["n_replicates"] = n_replicates
    row["n_agents"] = part["n_agents"].sum() / n_replicates
    row["total_effect"] = part["total_effect"].sum() / n_replicates
    for measure in MEASURES:
        mean, low, high = mean_interval(part[measure].to_numpy())
        row[measure] = mean
        if measure == "effect":
            row |= {"low": low, "high": high}
        elif measure == "p50":
            row |= {"p50_low": low, "p50_high": high}
        elif measure in SHARES:
            row |= {f"{measure}_low": max(low, 0.0), f"{measure}_high": min(high, 1.0)}
    return row


def _place(row: dict[str, Any]) -> tuple[int, int, float]:
    """Parties and groupings in their order; groups as they are ordered, riders' by what they have at stake."""
    party, grouping, group = row["party"], row["grouping"], row["group"]
    groupings = ["all", *GROUPINGS[party]]
    if grouping == "activity":
        within = -float(row["baseline"])
    elif grouping in ORDER:
        within = float(ORDER[grouping].index(group) if group in ORDER[grouping] else len(ORDER[grouping]))
    else:
        within = float(group) if group.isdigit() else 0.0
    return list(GROUPINGS).index(party), groupings.index(grouping), within
