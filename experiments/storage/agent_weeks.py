"""Every agent's weeks in one pair of runs, read from the file that `experiments.trajectories.recording` makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.result import Frame
from analysis.statistics.agents import LISTS, SCALARS, TRAITS, UnreadableAgentWeeks
from experiments.storage.runs import META

FORMAT = 1
"""Version of the file; a file of another version is made again."""
ROWS_A_GROUP = 256
"""Rows that are read to have one agent's."""


class AgentWeeksFile:
    """A stored file, as `analysis.statistics.agents.AgentWeeks`.

    Everything raises `UnreadableAgentWeeks` where there is no such file or it is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self._about: dict[str, Any] | None = None

    @property
    def about(self) -> dict[str, Any]:
        """The file's own description: format, runs, seed, sector, currency, weeks, platforms."""
        if self._about is None:
            self._about = self._read_about()
        return self._about

    def _read_about(self) -> dict[str, Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return json.loads((pq.read_schema(self.path).metadata or {})[META])
        except (OSError, KeyError, ValueError, pa.ArrowException) as error:
            raise self._unreadable(error) from None

    def rows(self, party: str) -> Frame:
        """A row an agent and side: `SCALARS` but the party, and traits."""
        return self._read([*SCALARS[1:], *TRAITS[party]], [("party", "=", party)]).to_pandas()

    def lists(self, party: str, identity: int) -> list[dict[str, Any]]:
        """One agent's weeks as lists, a row a side."""
        who = [("party", "=", party), ("identity", "=", int(identity))]
        return self._read(["side", "first_week", *LISTS[party]], who).to_pylist()

    def _read(self, columns: list[str], filters: list[tuple[str, str, Any]]) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(self.path, columns=columns, filters=filters, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> UnreadableAgentWeeks:
        return UnreadableAgentWeeks(f"no agents can be read from {self.path} ({error}): record them again")
