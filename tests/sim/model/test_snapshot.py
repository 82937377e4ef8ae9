"""A run that goes on from a snapshot is the run from the start, to the bit; what does not fit is refused."""

import dataclasses
import io
import json
import os
import re
import types
import zipfile

import numpy as np
import pytest

from sim import snapshot as snapshots
from sim.model import PlatformEconomy
from sim.snapshot import RefusedSnapshot
from tests.economies import CAP, RICH, asked, economy, economy_after, fingerprint, run, scenario_of

LIVELY = {
    **RICH,
    "merchants.entry_cost": 100.0,
    "merchants.exit_debt": 20.0,
    "merchants.entrant_rate": 4.0,
    "carriage.cancel_share": 0.1,
}
"""Entry, exit, cancellations and inspections all happen within a few weeks."""
N_WEEKS, POLICY_WEEK = 14, 8
HOW = {"n_consumers": 700, "n_zones": 2, "n_weeks": N_WEEKS, "policy_week": POLICY_WEEK, "numbers": LIVELY}


def whole(model: PlatformEconomy) -> tuple[str, ...]:
    """Everything a run leaves and everything that decides how it goes on, as text."""
    kept = model.snapshot()
    state = [f"{name} {v.dtype} {v.shape} {v.tobytes().hex()}" for name, v in sorted(kept.arrays.items())]
    agents = [
        f"{party}.{name} {v.tolist()}" for party, columns in model.tally.frames().items() for name, v in columns.items()
    ]
    return fingerprint(model), repr(model.moments), repr(model.world.ledger.flows), *agents, *state


def weeks_of(model: PlatformEconomy) -> list[tuple[str, ...]]:
    """The state after every week that is still to come."""
    found = [whole(model)]
    while model.world.week < N_WEEKS:
        model.step()
        found.append(whole(model))
    return found


@pytest.fixture(scope="module")
def from_the_start() -> list[tuple[str, ...]]:
    return weeks_of(economy(policy=CAP, **HOW))


@pytest.mark.long
@pytest.mark.parametrize("week", range(N_WEEKS + 1))
@pytest.mark.parametrize("has_file", [False, True], ids=["in memory", "from a file"])
def test_every_week_after_a_snapshot_is_the_week_from_the_start(week, has_file, from_the_start, tmp_path):
    model = economy_after(week, policy=CAP, **HOW)
    source = model.snapshot()
    if has_file:
        model.save_snapshot(tmp_path / "kept.npz")
        source = tmp_path / "kept.npz"
    fork = PlatformEconomy.resume(source, kernels="plain")
    assert (fork.world.week, fork.steps, fork.time) == (week, week, float(week))
    assert weeks_of(fork) == from_the_start[week:]
    assert all(isinstance(value, int) for value in fork.weekly["week"])
    assert fork.seconds.keys() == model.seconds.keys()


def test_the_week_has_work_for_every_part_of_the_state():
    """Otherwise the test above would not see that something was forgotten."""
    world = economy_after(N_WEEKS, policy=CAP, **HOW).world
    assert world.merchants.identity.max() >= 2**31, "somebody entered"
    assert world.orders.is_cancelled.any()
    assert world.platforms.n_inspections.any()


@pytest.mark.parametrize("start_week", [POLICY_WEEK, POLICY_WEEK + 3])
def test_a_rule_may_begin_in_any_week_after_the_snapshot(start_week):
    policy = {"commission_cap": {"ceiling": 0.04, "start_week": start_week}}
    past = economy_after(POLICY_WEEK - 1, **HOW).snapshot()
    scenario = scenario_of(policy=policy, **HOW)
    fork = PlatformEconomy.resume(past, scenario, kernels="plain")
    fork.run_all()
    assert whole(fork) == whole(run(policy=policy, **HOW))


def test_forks_share_nothing_with_each_other_or_with_the_trunk():
    trunk = economy_after(POLICY_WEEK - 1, **HOW)
    past = trunk.snapshot()
    ruled = PlatformEconomy.resume(past, scenario_of(policy=CAP, **HOW), kernels="plain")
    free = PlatformEconomy.resume(past, kernels="plain")
    ruled.run_all()
    trunk.run_all()
    free.run_all()
    assert whole(free) == whole(trunk) == whole(run(**HOW))
    assert whole(ruled) == whole(run(policy=CAP, **HOW))


def test_an_entry_of_every_table_is_the_ledgers_own():
    fork = PlatformEconomy.resume(economy_after(2, **HOW).snapshot(), kernels="plain")
    for name in ("consumers", "merchants", "workers", "platforms", "departments", "lenders"):
        party = next(p for p in fork.world.ledger.balances if p.value == name)
        assert fork.world.ledger.balances[party] is getattr(fork.world, name).balance_cents


def arrays_reachable(root: object) -> dict[int, tuple[str, np.ndarray]]:
    """Every array that can be reached from an object through attributes, mappings and sequences, by identity."""
    found, seen, waiting = {}, set(), [("model", root)]
    while waiting:
        path, value = waiting.pop()
        if id(value) in seen or isinstance(value, (str, bytes, int, float, type, types.ModuleType, np.dtype)):
            continue
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            found[id(value)] = (path, value)
        elif isinstance(value, dict):
            waiting += [(f"{path}[{key!r}]", inner) for key, inner in value.items()]
        elif isinstance(value, (list, tuple, set, frozenset)):
            waiting += [(f"{path}[{i}]", inner) for i, inner in enumerate(value)]
        elif type(value).__module__.split(".")[0] in ("sim", "tests"):
            waiting += [(f"{path}.{name}", inner) for name, inner in vars(value).items()]
    return found


def kept_by(model: PlatformEconomy) -> list[np.ndarray]:
    watchers = [model.observatory.arrays(), model.tally.arrays()]
    return [*snapshots.arrays_of(model.world).values(), *(v for state in watchers for v in state.values())]


OF_THE_MACHINE = ("engine",)
"""What an engine holds are working arrays: they decide how fast a week is, not what happens in it."""


def test_every_array_of_an_economy_is_in_its_snapshot():
    model = economy_after(POLICY_WEEK + 2, policy=CAP, **HOW)
    kept = {(v.dtype.str, v.tobytes()) for v in kept_by(model)}
    visits = model.observatory.arrays()["month_visits"].tobytes()
    for path, values in arrays_reachable(model).values():
        if any(f".{part}." in path for part in OF_THE_MACHINE) or values.tobytes() in visits:
            continue
        forgotten = (values.dtype.str, values.tobytes()) not in kept and not is_among_leavers(path)
        assert not forgotten, f"{path} is state that no snapshot keeps"


def is_among_leavers(path: str) -> bool:
    """Records of those who left lie in parts, which a snapshot joins."""
    return bool(re.search(r"\.tally\.\w+\.left\[\d+\]", path))


def test_agents_hold_no_state_of_their_own():
    model = economy_after(3, **HOW)
    allowed = {"model", "world", "row", "strategy", "name", "unique_id", "pos"}
    for agent in (*model.cast.platforms, *model.cast.regulators):
        assert {name for name in vars(agent) if not name.startswith("_")} <= allowed


@dataclasses.dataclass
class WiderWorld(snapshots.World):
    mood: float = 0.0


def test_state_that_nobody_taught_the_snapshot_is_refused():
    model = economy_after(1, **HOW)
    model.world.consumers.mood = np.zeros(3)  # pyright: ignore
    with pytest.raises(TypeError, match=r"consumers has state that no snapshot keeps: mood"):
        model.snapshot()
    del model.world.consumers.mood  # pyright: ignore
    model.world.__class__ = WiderWorld
    with pytest.raises(TypeError, match="mood"):
        model.snapshot()


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("kept") / "kept.npz"
    economy_after(9, policy=CAP, **HOW).save_snapshot(path)
    return path.read_bytes()


def refused(tmp_path, content: bytes, scenario=None) -> str:
    path = tmp_path / "kept.npz"
    path.write_bytes(content)
    with pytest.raises(RefusedSnapshot) as caught:
        PlatformEconomy.resume(path, scenario, kernels="plain")
    said = str(caught.value)
    assert all(f"\n  {part}" in said for part in ("why:", "allowed:", "do:"))
    return said


def with_members(content: bytes, **changed: bytes) -> bytes:
    """The archive with some members replaced (or added), its checksums right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in {**dict.fromkeys(old.namelist()), **dict.fromkeys(f"{n}.npy" for n in changed)}:
            own = name.removesuffix(".npy")
            new.writestr(name, changed[own] if own in changed else old.read(name))
    return out.getvalue()


def as_npy(values: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, values)
    return out.getvalue()


def with_header(content: bytes, **changed) -> bytes:
    """The file as it would be had it been written with another header, its SHA-256 right again."""
    with np.load(io.BytesIO(content)) as file:
        arrays = {name: file[name] for name in file.files}
    text, _ = arrays.pop("header"), arrays.pop("sha256")
    header = np.frombuffer(json.dumps({**json.loads(text.tobytes()), **changed}).encode(), np.uint8)
    sha = np.frombuffer(snapshots._sha_of(header, arrays).encode(), np.uint8)
    return with_members(content, header=as_npy(header), sha256=as_npy(sha))


def test_a_file_says_what_it_is_without_the_laboratory(kept):
    with np.load(io.BytesIO(kept), allow_pickle=False) as file:
        header = json.loads(file["header"].tobytes())
        assert (header["week"], header["seed"], header["format"]) == (9, 1, snapshots.FORMAT)
        assert header["scenario"]["policy"]["commission_cap"]["ceiling"] == 0.05
        for name, (dtype, shape) in header["arrays"].items():
            assert (file[name].dtype.str, list(file[name].shape)) == (dtype, shape)


@pytest.mark.parametrize("n_bytes", [0, 1, 100, -1, -100, "half"])
def test_a_truncated_file_is_refused(kept, n_bytes, tmp_path):
    cut = kept[: len(kept) // 2 if n_bytes == "half" else n_bytes]
    assert "cut short or altered" in refused(tmp_path, cut)


def test_any_altered_byte_is_refused_or_changes_nothing(kept, tmp_path, from_the_start):
    """Some bytes of an archive say nothing, such as times; no altered file goes on as another economy."""
    rng = np.random.default_rng(0)
    path, n_refused = tmp_path / "kept.npz", 0
    for place in rng.integers(0, len(kept), 60):
        altered = bytearray(kept)
        altered[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(bytes(altered))
        try:
            model = PlatformEconomy.resume(path, kernels="plain")
        except RefusedSnapshot:
            n_refused += 1
        else:
            assert whole(model) == from_the_start[9]
    assert n_refused > 40


def test_an_array_altered_with_its_checksums_is_refused(kept, tmp_path):
    with np.load(io.BytesIO(kept)) as file:
        balance = file["world.merchants.balance_cents"]
    balance[0] += 1
    assert "SHA-256" in refused(tmp_path, with_members(kept, **{"world.merchants.balance_cents": as_npy(balance)}))
    assert "SHA-256" in refused(tmp_path, with_members(kept, extra=as_npy(balance)))


def test_a_pickle_is_never_opened(kept, tmp_path):
    class Harmful:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "executed"),)

    out = io.BytesIO()
    np.save(out, np.array([Harmful()], object), allow_pickle=True)
    for content in (with_members(kept, ranking=out.getvalue()), out.getvalue()):
        assert "cut short or altered" in refused(tmp_path, content)
    assert not (tmp_path / "executed").exists()


def test_another_format_or_other_code_is_refused(kept, tmp_path):
    assert "its format is 99" in refused(tmp_path, with_header(kept, format=99))
    assert "its code is 0123" in refused(tmp_path, with_header(kept, code="0123"))
    assert "its header is another file's" in refused(tmp_path, with_header(kept, what="a picture"))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RefusedSnapshot, match="check the path"):
        PlatformEconomy.resume(tmp_path / "nothing.npz")


def other(**changed) -> dict:
    given = asked(policy=CAP, **HOW)
    for path, value in changed.items():
        *steps, last = path.split("__")
        place = given
        for step in steps:
            place = place[step]
        place[last] = value
    return given


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sector__consumers__price_sensitivity": 0.06}, "sector.consumers.price_sensitivity=0.06"),
        ({"seed": 2}, "seed=2"),
        ({"population__n_consumers": 701}, "population.n_consumers=701"),
        ({"horizon__policy_week": 7}, "horizon.policy_week=7"),
        ({"horizon__n_weeks": 8}, "horizon.n_weeks=8"),
        ({"policy": {}}, "no policy.commission_cap"),
        ({"policy": {"commission_cap": {"ceiling": 0.06}}}, "policy.commission_cap from week 8"),
        ({"policy": {"commission_cap": {"ceiling": 0.05, "start_week": 12}}}, "no policy.commission_cap"),
    ],
)
def test_another_past_is_refused_in_the_words_of_the_scenario(changed, said, kept, tmp_path):
    from sim.scenario import Scenario

    assert said in refused(tmp_path, kept, Scenario.from_dict(other(**changed)))


def test_another_order_of_platforms_is_another_past(kept, tmp_path):
    from sim.scenario import Scenario

    given = other()
    given["sector"]["platforms"] = dict(reversed(given["sector"]["platforms"].items()))
    assert "another order" in refused(tmp_path, kept, Scenario.from_dict(given))


def test_labels_and_a_longer_horizon_are_the_same_past(kept, tmp_path):
    from sim.scenario import Scenario

    given = other(horizon__n_weeks=20, population__name="another name", sector__title="Another title")
    (tmp_path / "kept.npz").write_bytes(kept)
    longer = Scenario.from_dict(given)
    fork = PlatformEconomy.resume(tmp_path / "kept.npz", longer, kernels="plain")
    fork.run_all()
    assert fork.world.week == 20
    assert fingerprint(fork) == fingerprint(run(policy=CAP, **{**HOW, "n_weeks": 20}))


def test_a_rule_that_is_off_has_no_past():
    past = economy_after(POLICY_WEEK + 2, **HOW).snapshot()
    off = scenario_of(policy={"commission_cap": {"is_on": False}}, **HOW)
    fork = PlatformEconomy.resume(past, off, kernels="plain")
    fork.run_all()
    assert fingerprint(fork) == fingerprint(run(**HOW))


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full(fd):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RefusedSnapshot, match="No space left"):
        economy_after(1, **HOW).save_snapshot(tmp_path / "kept.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n_threads", [1, 2])
def test_a_fork_may_use_other_kernels_and_threads(n_threads):
    past = economy_after(5, policy=CAP, **HOW).snapshot()
    fork = PlatformEconomy.resume(past, kernels="compiled", n_threads=n_threads)
    fork.run_all()
    assert whole(fork) == whole(run(policy=CAP, **HOW))
