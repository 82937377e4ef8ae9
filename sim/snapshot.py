"""The state of a market between two weeks: many runs can continue from one past, to the same bits."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import functools
import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, get_type_hints

import numpy as np

from sim.errors import PlatformLabError, Problem
from sim.kernels.engine import Engine
from sim.kernels.layout import OrderColumns
from sim.ledger.accounts import Account, Party
from sim.ledger.ledger import Ledger
from sim.populations.consumer_rule import STANDARD, ConsumerRule
from sim.populations.table import Table
from sim.rules.rulebook import Rulebook
from sim.scenario import Scenario
from sim.world import WeeksOrders, World

Array = np.ndarray
Arrays = dict[str, Array]
FORMAT = 1
"""Version of the file; another one is refused."""
SHOWN = 8
"""Differences named in a refusal."""
FROM_SCENARIO = ("sector", "seed", "engine", "rulebook", "week", "consumer_rule")
"""Parts of a world that are restored from the scenario, the machine, the clock and the snapshot itself."""
LABELS = ("name", "title", "currency", "moments", "sources")
INSTALLED_BELOW = b"platform_lab."
"""What a wheel puts in front of the names of packages that sources import (hatch_build.py)."""


class RefusedSnapshot(PlatformLabError):
    """A snapshot that cannot be read, or that does not fit what was asked; carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Watcher(Protocol):
    """What gathers numbers over weeks and can be kept: its state as arrays, and back."""

    def arrays(self) -> Arrays:
        """All that was gathered so far, by name."""
        ...

    def load(self, arrays: Arrays) -> None:
        """Gather on from there."""
        ...


@dataclass(frozen=True)
class Snapshot:
    """Everything that decides the weeks after `week`, and the record of those before; its arrays are its own."""

    scenario: Scenario
    week: int
    arrays: Arrays
    seconds: dict[str, float]
    consumer_rule: ConsumerRule = STANDARD

    @property
    def digest(self) -> str:
        """SHA-256 over every array: two runs with the same digest agree in every bit."""
        return _sha_of(np.zeros(0, np.uint8), self.arrays)

    def part(self, name: str) -> Arrays:
        """Fresh copies of the arrays below a name, by the rest of their names."""
        start = f"{name}."
        return {key.removeprefix(start): v.copy() for key, v in self.arrays.items() if key.startswith(start)}


@functools.cache
def code_version() -> str:
    """Hash of every source file of the economy: another economy never answers for this one."""
    digest, root = hashlib.sha256(), Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(as_written(path.read_bytes()))
    return digest.hexdigest()[:16]


def as_written(source: bytes) -> bytes:
    """A source as it lies in the repository: one version of the code has one hash, however it was installed."""
    return source.replace(INSTALLED_BELOW, b"")


def take(
    scenario: Scenario,
    world: World,
    watchers: dict[str, Watcher],
    weekly: dict[str, list[float]],
    seconds: dict[str, float],
) -> Snapshot:
    """A copy of all state between two weeks; raises TypeError for state that no snapshot knows how to keep."""
    state = {f"world.{name}": values for name, values in arrays_of(world).items()}
    for who, watcher in watchers.items():
        state |= {f"{who}.{name}": values for name, values in watcher.arrays().items()}
    state |= {f"weekly.{name}": np.array(values) for name, values in weekly.items()}
    arrays = {name: np.array(v) for name, v in state.items()}
    return Snapshot(scenario, world.week, arrays, dict(seconds), copy.deepcopy(world.consumer_rule))


def arrays_of(world: World) -> Arrays:
    """Every array of a world by its dotted name (views, not copies)."""
    arrays: Arrays = {}
    for field in dataclasses.fields(world):
        name, value = field.name, getattr(world, field.name)
        if isinstance(value, Table):
            _refuse_unknown(name, vars(value), {*value.columns, "n_rows", "n_platforms"})
            arrays |= {f"{name}.{column}": values for column, values in value.arrays().items()}
        elif isinstance(value, np.ndarray):
            arrays[name] = value
        elif isinstance(value, Ledger):
            _refuse_unknown(name, vars(value), {"balances", "flows"})
            arrays |= {f"{name}.balances.{party.value}": cents for party, cents in value.balances.items()}
            arrays[f"{name}.flows"] = np.array([value.flows[account] for account in Account], np.int64)
        elif isinstance(value, WeeksOrders):
            _refuse_unknown(name, vars(value), {"placed", "is_cancelled", "n_carried", "occasions"})
            arrays |= {f"{name}.placed.{column}": v for column, v in value.placed._asdict().items()}
            arrays |= {f"{name}.is_cancelled": value.is_cancelled, f"{name}.n_carried": value.n_carried}
        else:
            _refuse_unknown("world", [name], set(FROM_SCENARIO))
    return arrays


def _refuse_unknown(owner: str, names: Any, known: set[str]) -> None:
    forgotten = [name for name in names if name not in known]
    if forgotten:
        raise TypeError(f"{owner} has state that no snapshot keeps: {', '.join(forgotten)}; teach sim.snapshot")


def restore(snapshot: Snapshot, scenario: Scenario, engine: Engine) -> World:
    """The world of a snapshot under the rules of a scenario; the snapshot stays as it is."""
    arrays, n_platforms = snapshot.part("world"), len(scenario.sector.platforms)
    kinds = {name: kind for name, kind in get_type_hints(World).items() if issubclass(_class_of(kind), Table)}
    tables: Any = {name: _table(kind, arrays, name, n_platforms) for name, kind in kinds.items()}
    ledger = Ledger({p: vars(tables[p.value])["balance_cents"] for p in Party if p.value in tables})
    for party, balance in ledger.balances.items():
        balance[:] = arrays[f"ledger.balances.{party.value}"]
    ledger.flows = {a: int(v) for a, v in zip(Account, arrays["ledger.flows"], strict=True)}
    placed = OrderColumns(*(arrays[f"orders.placed.{column}"] for column in OrderColumns._fields))
    world = World(
        sector=scenario.sector,
        seed=scenario.seed,
        engine=engine,
        rulebook=Rulebook(tuple(scenario.policy.values())),
        ledger=ledger,
        orders=WeeksOrders(placed, arrays["orders.is_cancelled"], arrays["orders.n_carried"]),
        week=snapshot.week,
        **tables,
    )
    for field in dataclasses.fields(world):
        if field.name in arrays:
            setattr(world, field.name, arrays[field.name])
    return world


def _class_of(kind: Any) -> type:
    return kind if isinstance(kind, type) else object


def _table(kind: type[Table], arrays: Arrays, name: str, n_platforms: int) -> Table:
    table = kind(0, n_platforms)
    table.n_rows = len(arrays[f"{name}.identity"])
    for column in kind.columns:
        setattr(table, column, arrays[f"{name}.{column}"])
    return table


def weekly_of(snapshot: Snapshot) -> dict[str, list[float]]:
    """Every metric by week, up to the snapshot's."""
    return {name: values.tolist() for name, values in snapshot.part("weekly").items()}


def refuse_another_past(snapshot: Snapshot, scenario: Scenario) -> None:
    """Raises `RefusedSnapshot` unless the scenario's past, up to the snapshot's week, is the snapshot's."""
    week, problems = snapshot.week, []
    kept, asked = _past(snapshot.scenario, week), _past(scenario, week)
    if scenario.horizon.n_weeks < week:
        why, todo = f"the snapshot was taken after week {week}", "raise horizon.n_weeks"
        problems.append(Problem(f"horizon.n_weeks={scenario.horizon.n_weeks}", why, f"at least {week}", todo))
    if kept.digest() != asked.digest():
        problems += _differences(kept, asked, week)
    if problems:
        raise RefusedSnapshot(problems)


def _past(scenario: Scenario, week: int) -> Scenario:
    """The part of a scenario that decided the weeks up to this one."""
    started = {n: rule for n, rule in scenario.policy.items() if rule.is_on and (rule.start_week or 0) <= week}
    past = dataclasses.replace(scenario, policy=started, horizon=dataclasses.replace(scenario.horizon, n_weeks=week))
    return past if started else past.without_policy()


def _differences(kept: Scenario, asked: Scenario, week: int) -> list[Problem]:
    there, here = dict(_leaves(kept.to_dict())), dict(_leaves(asked.to_dict()))
    problems = []
    for key in [k for k in {**there, **here} if there.get(k, _past) != here.get(k, _past)]:
        if key.startswith("policy."):
            continue
        value = there.get(key, "nothing")
        why = f"the snapshot's market had {value} in the {week} weeks behind it"
        problems.append(Problem(f"{key}={here.get(key, 'nothing')}", why, f"{key}={value}", "leave it as it was"))
    for name in {**kept.policy, **asked.policy}:
        if kept.policy.get(name) == asked.policy.get(name):
            continue
        why = f"week {week} is over, and no rule changes what was"
        then = f"policy.{name} as it was in the snapshot: {kept.policy[name]}" if name in kept.policy else ""
        allowed = then or f"rules that start in week {week + 1} or later"
        todo = f"set policy.{name}.start_week to {week + 1} or later, or take an earlier snapshot"
        rule = asked.policy.get(name)
        asked_for = f"policy.{name} from week {rule.start_week}" if rule else f"no policy.{name}"
        problems.append(Problem(asked_for, why, allowed, f"keep policy.{name} as it was" if then else todo))
    if not problems:
        why = "the order decides which draws belong to whom and which rule acts first"
        problems.append(Problem("the same names in another order", why, "the snapshot's order", "keep the order"))
    if len(problems) > SHOWN:
        rest, todo = f"{len(problems) - SHOWN} more values", "run it from the start, without the snapshot"
        problems[SHOWN:] = [Problem(rest, "they differ too", "the snapshot's values", todo)]
    return problems


def _leaves(tree: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    leaves = []
    for key, value in tree.items():
        if key in LABELS and path.split(".")[0] in ("sector", "population"):
            continue
        leaves += _leaves(value, f"{path}{key}.") if isinstance(value, dict) else [(f"{path}{key}", value)]
    return leaves


def write(snapshot: Snapshot, path: str | Path) -> str:
    """Keep a snapshot in a file, whole or not at all; returns the SHA-256 of its contents.

    An uncompressed .npz that numpy.load opens without pickle: `header` (JSON as bytes), `sha256`, and the arrays.
    Raises `RefusedSnapshot` for consumers who decide by another rule than the laboratory's own.
    """
    if type(snapshot.consumer_rule) is not ConsumerRule:
        why = "a file vouches for the laboratory's code by its hash, and this rule is code of your own"
        asked, todo = f"a file of an economy with consumer_rule={snapshot.consumer_rule!r}", "keep model.snapshot()"
        raise RefusedSnapshot([Problem(asked, why, "files with the standard rule; snapshots in memory", todo)])
    path = Path(path)
    header = {
        "what": "Platform Lab snapshot",
        "format": FORMAT,
        "code": code_version(),
        "week": snapshot.week,
        "seed": snapshot.scenario.seed,
        "scenario": snapshot.scenario.to_dict(),
        "seconds": snapshot.seconds,
        "arrays": {name: [v.dtype.str, list(v.shape)] for name, v in snapshot.arrays.items()},
    }
    text = np.frombuffer(json.dumps(header, allow_nan=False).encode(), np.uint8)
    sha = _sha_of(text, snapshot.arrays)
    content = io.BytesIO()
    parts: Any = {"header": text, "sha256": np.frombuffer(sha.encode(), np.uint8), **snapshot.arrays}
    np.savez(content, allow_pickle=False, **parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        why, todo = f"the file could not be written: {error.strerror}", "make room, or name another folder"
        raise RefusedSnapshot([Problem(f"a snapshot in {path}", why, "a folder with room", todo)]) from None
    return sha


def _sha_of(header: Array, arrays: Arrays) -> str:
    digest = hashlib.sha256(header.tobytes())
    for name in sorted(arrays):
        digest.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def read(path: str | Path) -> Snapshot:
    """A snapshot from a file; nothing in it is executed.

    Raises `RefusedSnapshot` when there is no such file, when it is damaged or altered, or made by other code.
    """
    whole = "a file left by snapshot_week or save_snapshot"
    try:
        with open(path, "rb") as file:
            header, arrays = _contents(file.read())
    except OSError as error:
        problem = Problem(f"the snapshot {path}", f"it cannot be read: {error.strerror}", whole, "check the path")
        raise RefusedSnapshot([problem]) from None
    except Exception as error:  # there are many ways for a file to be damaged
        why = f"it is no snapshot, or it was cut short or altered ({str(error)[:200] or type(error).__name__})"
        problem = Problem(f"the snapshot {path}", why, whole, "take the snapshot again")
        raise RefusedSnapshot([problem]) from None
    for what, mine, theirs in (
        ("format", FORMAT, header.get("format")),
        ("code", code_version(), header.get("code")),
    ):
        if theirs != mine:
            why = f"its {what} is {theirs}, ours is {mine}: another economy would go on from it"
            problem = Problem(f"the snapshot {path}", why, f"{what} {mine}", "take the snapshot again")
            raise RefusedSnapshot([problem])
    return Snapshot(Scenario.from_dict(header["scenario"]), int(header["week"]), arrays, dict(header["seconds"]))


def _contents(content: bytes) -> tuple[dict[str, Any], Arrays]:
    """Header and arrays; ValueError unless they are what was written."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise ValueError("one array is no snapshot")
        arrays = {name: file[name] for name in file.files}
    text, sha = arrays.pop("header"), bytes(arrays.pop("sha256")).decode("ascii", "replace")
    if _sha_of(text, arrays) != sha:
        raise ValueError("its contents do not match their SHA-256")
    header = json.loads(text.tobytes())
    if not isinstance(header, dict) or header.get("what") != "Platform Lab snapshot":
        raise ValueError("its header is another file's")
    if header.get("format") == FORMAT:
        layout = {name: [v.dtype.str, list(v.shape)] for name, v in arrays.items()}
        if layout != header["arrays"]:
            raise ValueError("its arrays are not those of its header")
    return header, arrays
