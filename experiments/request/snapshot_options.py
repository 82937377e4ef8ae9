"""A snapshot to keep or to continue from: what the command line may ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem, RefusedScenario
from sim.snapshot import Snapshot, read

KEYS = ("snapshot_week", "from_snapshot")
"""Set on the command line only: a file names neither paths nor what is kept where."""


@dataclass(frozen=True)
class SnapshotOptions:
    """A week to keep and a past to continue from, either or both or none."""

    week: int | None = None
    path: Path | None = None
    past: Snapshot | None = None

    def __bool__(self) -> bool:
        return self.week is not None or self.path is not None


def take_out(values: dict[str, Any]) -> SnapshotOptions:
    """Read and remove the keys of snapshots from what was typed; raises what is wrong with them."""
    given = {key: values.pop(key) for key in KEYS if key in values}
    for key, found in given.items():
        if not isinstance(found, list):
            why, todo = "a run has one snapshot, and a range is none", f"name one {key}"
            raise RefusedScenario([Problem(f"{key} with a range", why, "one value", todo)])
        if len(found) > 1:
            why, todo = "a run has one snapshot", f"name one {key}"
            raise RefusedScenario([Problem(f"{key} with {len(found)} values", why, "one value", todo)])
    week, path = (given.get(key, [None])[0] for key in KEYS)
    if week is not None and (not isinstance(week, int) or isinstance(week, bool)):
        why, todo = "it is not the number of a week", "for example snapshot_week=78"
        problem = Problem(f"snapshot_week={week}", why, "a whole number", todo)
        raise RefusedScenario([problem])
    if path is None:
        return SnapshotOptions(week)
    return SnapshotOptions(week, Path(str(path)), read(str(path)))


def refuse_in_file(config: dict[str, Any]) -> None:
    """A file that names a snapshot is refused."""
    found = [key for key in KEYS if key in config]
    if found:
        why, todo = "a file may not say what is read or kept where", "set it on the command line"
        raise RefusedScenario([Problem(f"{key} in a file", why, "the command line only", todo) for key in found])


def put_under(config: dict[str, Any], options: SnapshotOptions, chosen: dict[str, Any]) -> None:
    """What was not chosen is as it was in the snapshot."""
    if options.past is not None and "experiment" not in chosen:
        was = options.past.scenario.to_dict()
        config.update({key: value for key, value in was.items() if key not in chosen})
