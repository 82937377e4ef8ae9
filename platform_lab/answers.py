"""What questions leave: tables as frames, sentences, figures and pages, read from a result folder."""

from __future__ import annotations

import html
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import PlatformLabError, Problem, RefusedScenario

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from analysis.figures.catalogue import Source
    from analysis.result import Result


class Kept:
    """A result folder: its record and its files."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        """Where it lies."""

    @cached_property
    def record(self) -> dict[str, Any]:
        """Where it comes from: command, code and versions, seeds, seconds, parameters, caveats."""
        return self._source.plain("record.json")

    @property
    def title(self) -> str:
        """What was asked, in words."""
        return str(self.record.get("title") or self.folder.name)

    @cached_property
    def _source(self) -> Source:
        from experiments.storage.results import ResultFolder

        return ResultFolder(self.folder)

    def _frame(self, name: str) -> pd.DataFrame:
        import pandas as pd

        path = self.folder / name
        if not path.is_file():
            raise PlatformLabError(f"{self.folder} holds no {name}: it is no whole result")
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}; {self.folder}>"

    def _repr_html_(self) -> str:
        return f"<p><b>{html.escape(self.title)}</b><br><code>{html.escape(str(self.folder))}</code></p>"


class Drawn(Kept):
    """A result that figures can be drawn of."""

    def figure(self, name: str, **how: Any) -> go.Figure:
        """A figure by its name (docs/gallery shows all); `how` goes to its function, such as `narrow=True`.

        Raises `RefusedScenario` for a name that there is not, with those that can be drawn of this result, and for a
        figure whose table this result does not have.
        """
        from analysis.figures import catalogue

        entry = catalogue.entry(name)
        if not self._has(entry.table):
            why, todo = f"it shows {entry.table}, which this result does not have", "choose one of these"
            raise RefusedScenario([Problem(f"figure {name!r}", why, ", ".join(self.figures), todo)])
        try:
            return entry.make(self._source, **how)
        except (ValueError, IndexError, KeyError) as error:
            why, todo = f"this result lacks what it shows ({error})", "choose one of these"
            raise RefusedScenario([Problem(f"figure {name!r}", why, ", ".join(self.figures), todo)]) from error

    @property
    def figures(self) -> list[str]:
        """Names of the figures that this kind of result has."""
        from analysis.figures.catalogue import CATALOGUE

        return [entry.name for entry in CATALOGUE if entry.kind in self._kinds and self._has(entry.table)]

    @property
    def _kinds(self) -> set[str]:
        """Kinds of results that this one is (`analysis.figures.catalogue`)."""
        from analysis.figures import catalogue

        return {catalogue.THEORY}

    def _has(self, table: str) -> bool:
        return any(self.folder.glob(table) if "/" not in table else self.folder.parent.parent.glob(table))


class Answer(Drawn):
    """What a comparison or a sweep found.

    Frames have a row a scenario (a point of a sweep; 0 for a comparison) and whatever their column says; a frame of
    something that was not asked has no rows.
    """

    @cached_property
    def _result(self) -> Result:
        return self._source.result()

    @cached_property
    def effects(self) -> pd.DataFrame:
        """A row a scenario and metric: `metric`, `title`, `party`, `unit`, `better` (higher, lower or neutral).

        `baseline` and `policy` are mean weeks without and with the policy, over the weeks in which it is fully in
        force; `effect` is their paired difference, `low` and `high` its 95% interval over `n_replicates`, all in
        `unit`. A sweep has a column a lever. A preview has no intervals, and splits the effect into `direct` (the rule
        alone) and `behavioural` (what platforms' response adds).
        """
        return self._frame("preview.parquet") if self.is_preview else self._result.effects

    @property
    def trajectories(self) -> pd.DataFrame:
        """A row a scenario, metric and `week`: `baseline`, `policy`, `effect`, `low`, `high`, in the metric's unit."""
        return self._table("trajectories")

    @property
    def moments(self) -> pd.DataFrame:
        """A row a moment of the market before the policy: `target`, `simulated`, `error`, `tolerance`, `verdict`."""
        return self._table("moments")

    @property
    def distribution(self) -> pd.DataFrame:
        """A row a scenario and `group` within a party: mean `effect`, quantiles over agents, shares that gain and lose.

        Money is a week's of one agent, in the market's currency.
        """
        return self._table("distribution")

    @property
    def decomposition(self) -> pd.DataFrame:
        """A row a metric and `part`: what the rule does alone, and what platforms' answer adds."""
        return self._table("decomposition")

    @property
    def waterbed(self) -> pd.DataFrame:
        """Shares of what the rule takes from platforms an order that they win back, with 95% intervals."""
        return self._table("waterbed")

    @property
    def strategies(self) -> pd.DataFrame:
        """The columns of `effects` under every strategy of platforms that was tried, and whether they agree."""
        return self._table("strategies")

    @property
    def enforcement(self) -> pd.DataFrame:
        """A row a step between inspections and sanctions: `value` with its 95% interval, in `unit`."""
        return self._table("enforcement")

    @property
    def draws(self) -> pd.DataFrame:
        """A row a draw and assumption that was drawn: `value`, in the parameter's unit."""
        return self._table("draws")

    @property
    def sensitivity(self) -> pd.DataFrame:
        """A row an assumption and metric: rank `correlation` of its draws with the effect, `p_value`."""
        return self._table("sensitivity")

    @property
    def _kinds(self) -> set[str]:
        from analysis.figures import catalogue as kinds

        if self.is_preview:
            return set()
        levers = self._result.levers
        swept = {kinds.CURVE, kinds.ALONE} if len(levers) == 1 else {kinds.GRID, kinds.ALONE} if levers else set()
        drawn = {kinds.DRAWN} if self._result.has_draws else set()
        return {kinds.COMPARISON, kinds.LAW, kinds.WATCHED, *swept, *drawn}

    def _table(self, name: str) -> pd.DataFrame:
        """A table of the result by the name of its attribute there; a preview has none."""
        import pandas as pd

        return pd.DataFrame() if self.is_preview else getattr(self._result, name)

    def runs(self, *metrics: str) -> pd.DataFrame:
        """A row a run: point, replicate, side, and means of the metrics (all where none is named) under the policy."""
        from experiments.storage.results import load_runs

        return load_runs(self.folder, metrics)

    def weeks(self, *metrics: str) -> pd.DataFrame:
        """The same run by run and week by week, before the policy too."""
        from experiments.storage.results import load_weeks

        return load_weeks(self.folder, metrics)

    @property
    def is_preview(self) -> bool:
        """Whether the mean-field model answered, without agents; then there are effects and a record, and no more."""
        return (self.folder / "preview.parquet").is_file()

    @property
    def findings(self) -> list[str]:
        """What it comes to, in sentences: the answer first, then who gains and loses how much, and what else moves."""
        if self.is_preview:
            return []
        from analysis.wording import findings as words

        found = [*words.findings(self._result), *words.deciding(self._result)]
        return [words.headline(self._result), *(f"{one.topic}: {one.lead}" for one in found)]

    def report(self, path: str | Path | None = None) -> Path:
        """Write the result's page, by default as `report.html` in its folder; returns where it is."""
        if self.is_preview:
            why, todo = "a preview has neither intervals nor figures", "ask agents: leave preview out"
            raise RefusedScenario([Problem("report of a preview", why, "comparisons and sweeps", todo)])
        from experiments.results.reporting import write_report

        return write_report(self.folder, path)

    def __repr__(self) -> str:
        return "\n".join([super().__repr__(), *(f"  {text}" for text in self.findings)])

    def _repr_html_(self) -> str:
        points = "".join(f"<li>{html.escape(text)}</li>" for text in self.findings)
        return f"{super()._repr_html_()}<ul>{points}</ul>"


class Run(Kept):
    """What one run of one scenario left."""

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """A row a week, from 1; a column `week` and one a metric, in its unit (`lab.list("metrics")`)."""
        return self._frame("weekly.parquet")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a metric: its mean week `before_policy_week` and `from_policy_week`, in `unit`."""
        return self._frame("summary.parquet")

    @cached_property
    def moments(self) -> pd.DataFrame:
        """A row a moment of the market before the policy: `target`, `simulated`, `error`, `tolerance`, `verdict`."""
        return self._frame("moments.parquet")

    @property
    def snapshot(self) -> Path | None:
        """The file with the market as it stood after a week, for `from_snapshot`, if one was asked for."""
        kept = self.record.get("snapshot")
        return self.folder / kept["file"] if kept else None


class Calibration(Kept):
    """What a calibration found."""

    @cached_property
    def fitted(self) -> dict[str, float]:
        """Fitted values by parameter, as they belong into the sector file."""
        return self._source.plain("fitted.json")

    @cached_property
    def moments(self) -> pd.DataFrame:
        """A row a moment: `target`, `simulated` with the fitted values, `error`, `tolerance`, `verdict`."""
        return self._frame("moments.parquet")

    @property
    def title(self) -> str:
        """What was fitted."""
        return f"Calibration: {', '.join(self.fitted)}"


class Validation(Drawn):
    """What a validation found."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row a quantity of a case: `target`, `low` and `high` accepted, `simulated`, its interval, `verdict`."""
        return self._frame("table.csv")

    @property
    def failed(self) -> dict[str, Any]:
        """Cases that could not be carried out, and why."""
        return self.record["failed"]

    @property
    def findings(self) -> list[str]:
        """How many targets were met and missed, in a sentence."""
        from analysis.report.validation import summary

        return [summary(self._source.plain("figures.json"), self.record["failed"])]


def opened(folder: str | Path) -> Answer | Run | Calibration | Validation:
    """The result in a folder; raises `UnreadableResult` where it holds none, or one that is not as it was written."""
    from experiments.storage.checksums import UNVERIFIED
    from experiments.storage.results import load_result, verify
    from experiments.terminal import meanwhile

    folder = Path(folder)
    if folder.is_dir() and not verify(folder).has_checksums and (folder / "record.json").is_file():
        meanwhile.note(f"{folder}: {UNVERIFIED}")
    if (folder / "fitted.json").is_file():
        return Calibration(folder)
    try:
        verb = json.loads((folder / "record.json").read_text("utf-8")).get("verb")
    except (OSError, ValueError, AttributeError):
        verb = None
    if verb in ("run", "validate"):
        return {"run": Run, "validate": Validation}[verb](folder)
    answer = Answer(folder)
    if not answer.is_preview:
        load_result(folder)  # says what is wrong with a folder that holds no result
    return answer
