"""The tables of a result, each declared once: what a row is, its columns, when there is one, and who computes it.

Reading, checking, empty frames, checksums and docs/results.md follow from here. A new table is a declaration below, an
estimator, a place where it is shown, and a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import PlatformLabError

# A pandas.DataFrame. By pandas' annotations every selection of rows might be a Series as well, which would have
# to be denied line by line.
type Frame = Any


@dataclass(frozen=True)
class Column:
    """A column: name, meaning, and unit where it has one ("row's": as the row says)."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a result, kept as `<name>.parquet` in its folder."""

    name: str
    row: str
    """What there is one row of."""
    when: str
    """When a result has it."""
    made_by: str
    """Dotted name of the function whose numbers it holds."""
    columns: tuple[Column, ...]
    """Columns that every such table has; there may be more, such as one per lever."""
    besides: str = ""
    """Which more, in words."""
    is_needed: bool = False
    """Whether a folder without it is no whole result; any other is empty where it is absent."""
    is_read: bool = True
    """Whether it is read with the result; else by a function of its own."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def file(self) -> str:
        """File in the folder of a result."""
        return f"{self.name}.parquet"

    def empty(self) -> Frame:
        """The table without rows."""
        import pandas as pd

        return pd.DataFrame({name: pd.Series(dtype="object") for name in self.names})

    def missing(self, frame: Frame) -> list[str]:
        """Columns that a frame lacks."""
        return [name for name in self.names if name not in frame.columns]


def table(name: str) -> Table:
    """A declaration by name; raises `PlatformLabError` for a table that is not declared."""
    if name not in TABLES:
        raise PlatformLabError(
            f"There is no table {name} in a result\n  why:     it is not declared\n"
            f"  allowed: {', '.join(TABLES)}\n  do:      name one of them, or declare it in analysis/tables.py"
        )
    return TABLES[name]


def check(frames: Mapping[str, Frame]) -> None:
    """Raise `PlatformLabError` for frames that are not as declared: of no table, or without one of its columns."""
    for name, frame in frames.items():
        if missing := table(name).missing(frame):
            raise PlatformLabError(
                f"The table {name} is not as it is declared\n  why:     it lacks {', '.join(missing)}\n"
                f"  allowed: {', '.join(TABLES[name].names)}\n  do:      mend {TABLES[name].made_by} or the declaration"
            )


def _columns(words: str) -> tuple[Column, ...]:
    """Columns from lines of `name | meaning | unit`, the unit left out where there is none."""
    lines = (line.split("|") for line in words.strip().splitlines())
    return tuple(Column(*(part.strip() for part in parts)) for parts in lines)


def _without(columns: Iterable[Column], *names: str) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.name not in names)


POINT = _columns("""
    scenario | point of the sweep, from 0; 0 in a comparison
    label    | what the point is called
""")
EFFECT = _columns("""
    metric       | name of the metric (`platform-lab list metrics`)
    title        | what the metric is called
    party        | whose it is
    unit         | unit of baseline, policy and effect
    better       | which way is better for the party: high, low or neutral
    n_replicates | paired replicates, or draws of the assumptions, behind the row
    baseline     | mean level without the policy, over the weeks under it        | row's
    policy       | mean level with the policy, over the same weeks               | row's
    effect       | mean paired difference                                        | row's
    low          | lower end of the 95% interval of the effect                   | row's
    high         | upper end                                                     | row's
    paired_sd    | standard deviation of the paired differences                  | row's
    unpaired_sd  | what it would be were the two runs of a pair independent      | row's
""")
_SPREADS = ("paired_sd", "unpaired_sd")
_ALL = (
    Table(
        "effects",
        "point and metric",
        "always",
        "analysis.statistics.effects.paired_effects",
        (*POINT, *EFFECT),
        besides="one column per lever; `pairing_gain`; over draws of the assumptions `draw_low`, `draw_high`, "
        "`sign_share` and what `statistics.variance.Split` holds",
        is_needed=True,
    ),
    Table(
        "trajectories",
        "point, metric and week",
        "always; for a sweep of many points only with the outcomes asked about",
        "analysis.statistics.effects.paired_trajectories",
        (
            *POINT,
            *_columns("""
                metric   | name of the metric
                week     | week, from 1 | weeks
                baseline | mean level without the policy | metric's
                policy   | mean level with the policy | metric's
                effect   | mean paired difference | metric's
                low      | lower end of its 95% interval | metric's
                high     | upper end | metric's
            """),
        ),
    ),
    Table(
        "moments",
        "moment of the market",
        "always; for a sweep at the first point of every market",
        "experiments.results.moments.moment_table",
        _columns("""
            moment     | name of the moment
            title      | what it is called
            target     | what is known of the real market | row's
            simulated  | mean over replicates, without a policy | row's
            low        | lower end of its 95% interval | row's
            high       | upper end | row's
            unit       | unit of target and simulated
            role       | input, fitted, implied or held_out
            error      | simulated / target - 1 where `error_kind` is relative, else simulated - target
            error_kind | relative or points
            tolerance  | accepted size of the error, in the same measure
            verdict    | within or outside
            year       | year that the target is of
            source     | where the target comes from
            note       | what has to be said of it
        """),
    ),
    Table(
        "distribution",
        "point and group within a party",
        "where agents' outcomes are kept (agents=true)",
        "analysis.statistics.distribution.distribution",
        (
            *POINT,
            *_columns("""
                party           | consumers, merchants or workers
                grouping        | by what the party is divided; all for everybody
                group           | name of the group
                n_replicates    | replicates, or draws
                n_agents        | mean number of agents
                baseline        | mean without the policy | money an agent a week
                effect          | mean effect | money an agent a week
                low             | lower end of its 95% interval | money an agent a week
                high            | upper end | money an agent a week
                total_effect    | effect on the group as a whole | money a week
                threshold       | from where on an effect counts as a gain or a loss | money an agent a week
                p5              | 5th percentile of agents' effects | money an agent a week
                p10             | 10th percentile | money an agent a week
                p25             | 25th percentile | money an agent a week
                p50             | median | money an agent a week
                p50_low         | lower end of the median's 95% interval | money an agent a week
                p50_high        | upper end | money an agent a week
                p75             | 75th percentile | money an agent a week
                p90             | 90th percentile | money an agent a week
                p95             | 95th percentile | money an agent a week
                share_gain      | agents who gain more than the threshold | share
                share_gain_low  | lower end of its 95% interval | share
                share_gain_high | upper end | share
                share_lose      | agents who lose more than it | share
                share_lose_low  | lower end of its 95% interval | share
                share_lose_high | upper end | share
            """),
        ),
    ),
    Table(
        "draws",
        "point, draw of the assumptions and value",
        "with uncertainty=assumptions",
        "experiments.running.assumption_draws.table_of",
        (
            *POINT,
            *_columns("""
                draw       | number of the draw, from 0
                assumption | name of the assumption (`platform-lab list assumptions`)
                parameter  | dotted key of the value
                value      | what was drawn | parameter's
            """),
        ),
    ),
    Table(
        "sensitivity_of_effects",
        "point, assumption and metric",
        "with uncertainty=assumptions and at least four draws",
        "experiments.results.draw_effects.sensitivity",
        (
            *POINT,
            *_columns("""
                assumption  | name of the assumption
                parameter   | dotted key of what was drawn, with * where its values differ
                metric      | name of the metric
                correlation | rank correlation (Spearman) of the drawn value with the effect, over draws
                p_value     | chance of one as large were there none (Student's t)
                n_draws     | draws behind it
            """),
        ),
    ),
    Table(
        "decomposition",
        "point, metric and part of its effect",
        "where platforms respond to the rule (any strategy but fixed)",
        "analysis.statistics.waterbed.decomposed",
        (
            *POINT,
            *_without(EFFECT, *_SPREADS),
            Column(
                "part", "direct effect of the rule, behavioural effect of platforms' response, or the total of both"
            ),
        ),
        besides="one column per lever; spreads as in effects",
    ),
    Table(
        "waterbed",
        "point, strategy, measure and part",
        "where platforms respond to the rule",
        "analysis.statistics.waterbed.shares",
        (
            *POINT,
            *_columns("""
                strategy      | of platforms
                is_main       | whether it is that of the headline
                measure       | what is taken and won back
                part          | through what it is won back; or all of it
                n_replicates  | replicates
                why           | why there is no share; empty where there is one
                unit          | unit of taken and returned
                share         | returned / taken | share
                share_low     | lower end of its 95% interval | share
                share_high    | upper end | share
                taken         | what the rule takes by itself | row's
                taken_low     | lower end of its 95% interval | row's
                taken_high    | upper end | row's
                returned      | what platforms win back | row's
                returned_low  | lower end of its 95% interval | row's
                returned_high | upper end | row's
            """),
        ),
    ),
    Table(
        "strategies",
        "point, metric and strategy of platforms",
        "with uncertainty=strategies",
        "analysis.statistics.effects.paired_effects",
        (
            *POINT,
            *_without(EFFECT, *_SPREADS),
            Column("strategy", "of platforms"),
            Column("agreement", "whether the strategies agree on the sign of the effect"),
        ),
        besides="spreads as in effects",
    ),
    Table(
        "enforcement",
        "point and step between inspections and fines",
        "where a rule asks something of platforms that they may fail to do",
        "analysis.statistics.funnel.funnel",
        (
            *POINT,
            *_columns("""
                measure      | name of the step
                title        | what it is called
                unit         | unit of value
                n_replicates | replicates
                value        | mean over replicates, under the policy | row's
                low          | lower end of its 95% interval | row's
                high         | upper end | row's
                asked        | what the rule leaves of a practice, where the step is one | share
            """),
        ),
    ),
    Table(
        "runs",
        "run",
        "always",
        "experiments.running.plan.table",
        _columns("""
            run               | name of the run in the store (`platform-lab store`)
            scenario          | point of the sweep, from 0
            label             | what the point is called
            replicate         | which pair, from 0
            side              | without the policy, with it, or with it while platforms do as they would without
            strategy          | of platforms
            first_policy_week | first week under the policy | week
        """),
        besides="one column per lever",
        is_read=False,
    ),
)
TABLES: dict[str, Table] = {one.name: one for one in _ALL}
"""Every table of a result, by name."""
