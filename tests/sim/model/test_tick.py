"""The week: its order, what it says of itself, and that a phase touches only what it says."""

import re

import pytest

from sim.ledger.accounts import Party
from sim.populations.table import Table
from sim.tick import TICK
from tests.economies import RICH, RULES, TABLES, changed, columns_of, economy

ORDER = (
    "open_books",
    "let_platforms_fail",
    "let_platforms_decide",
    "price_goods",
    "survey_offers",
    "enter_and_exit",
    "review_listings",
    "rank_merchants",
    "turn_over_workers",
    "let_workers_choose_hours",
    "let_consumers_order",
    "carry_orders",
    "settle_money",
    "collect_taxes",
    "develop_technology",
    "weigh_surplus",
    "renew_memories",
    "lend_and_collect",
    "let_regulators_act",
    "close_books",
)
SINGLE_ARRAYS = ("ranking", "home", "offer_cents")
PHASES = pytest.mark.parametrize("line", TICK, ids=lambda line: line.act.__name__)


def test_the_week_has_this_order():
    assert tuple(line.act.__name__ for line in TICK) == ORDER


@PHASES
def test_a_phase_says_what_it_does_reads_and_writes(line):
    text = line.act.__doc__
    assert text.splitlines()[0].endswith((".", ":"))
    last = text.strip().split("\n\n")[-1]
    assert re.search(r"Reads: .+\.\s+Writes: .+\.$", last, re.DOTALL), last


@PHASES
def test_a_phase_says_why_it_stands_where_it_stands(line):
    assert len(line.why_here.split()) >= 4


def whole_state(world):
    """Everything a phase may change: columns, single balances, flows, ranking, this week's orders."""
    state = {name: values.copy() for name, values in columns_of(world).items()}
    singles = {party for party in Party if party.value not in TABLES}
    state |= {f"ledger.{party.value}": world.ledger.balances[party].copy() for party in singles}
    state["ledger.flows"] = str(world.ledger.flows).encode()
    state |= {name: getattr(world, name).copy() for name in SINGLE_ARRAYS}
    state["orders.placed"] = b"".join(column.tobytes() for column in world.orders.placed)
    state["orders.is_cancelled"], state["orders.n_carried"] = (
        world.orders.is_cancelled.copy(),
        world.orders.n_carried.copy(),
    )
    return {
        name: value if isinstance(value, bytes) else value.tobytes() + str(value.shape).encode()
        for name, value in state.items()
    }


def declared_writes(line, names):
    """Names of the state that the docstring's Writes line allows: a table, some of its columns, or every balance."""
    text = " ".join(line.act.__doc__.split("Writes:")[1].split()).rstrip(".")
    allowed = set()
    for part in re.findall(r"[\w.]+(?: [\w.]+)*(?: \([^)]*\))?", text):
        table, _, inside = part.partition(" (")
        columns = [column.strip() for column in inside.rstrip(")").split(",")]
        if part == "every balance" or part.startswith("ledger"):
            allowed |= {name for name in names if name.endswith(".balance_cents") or name.startswith("ledger.")}
        if inside and all(f"{table}.{column}" in names for column in columns):
            allowed |= {f"{table}.{column}" for column in columns}
        else:
            allowed |= {name for name in names if name == table or name.startswith(f"{table}.")}
    return allowed


def busy_economy():
    """Everything happens: entry, exit, cancellations, visits, every rule."""
    numbers = {
        **RICH,
        "merchants.exit_debt": 20.0,
        "carriage.cancel_share": 0.1,
        "merchants.entry_cost": 100.0,
        "workers.leaving_rate": 0.1,
    }
    return economy(800, 2, n_weeks=12, policy_week=3, policy=RULES, numbers=numbers)


def test_a_phase_changes_only_what_it_says_it_writes():
    model = busy_economy()
    touched = {line.act.__name__: set() for line in TICK}
    for _ in range(8):
        model.world.week += 1
        for line in TICK:
            before = whole_state(model.world)
            line.act(model.cast)
            after = whole_state(model.world)
            touched[line.act.__name__] |= {name for name in before if before[name] != after[name]}
    for line in TICK:
        surplus = touched[line.act.__name__] - declared_writes(line, set(before))
        assert not surplus, f"{line.act.__name__} writes {sorted(surplus)} and does not say so"
    assert {"home", "offer_cents", "ranking", "zones.variety"} <= touched["rank_merchants"]
    assert {"zones.n_joined", "zones.n_left", "workers.identity"} <= touched["turn_over_workers"]
    assert {"workers.rationed_minutes", "zones.rationed_minutes"} <= touched["let_workers_choose_hours"]
    assert {"workers.top_up_cents", "zones.top_up_cents", "zones.remote"} <= touched["settle_money"]
    idle = {name for name, columns in touched.items() if not columns}
    assert idle == {"close_books"}, "no phase is an empty function"


def declared(line, part, names):
    """Columns that a line of the docstring names: of whole tables, or some of a table."""
    text = " ".join(line.act.__doc__.split(f"{part}:")[1].split("Writes:")[0].split()).rstrip(".")
    found = set()
    for table, _, inside in re.findall(r"(\w+(?:\.\w+)?)( \(([^)]*)\))?", text):
        columns = [f"{table}.{column.strip()}" for column in inside.split(",")]
        found |= set(columns) if inside and set(columns) <= names else {n for n in names if n.split(".")[0] == table}
        found |= {table} & names
    return found


ALWAYS = {"identity", "is_active", "zone"}
"""Columns that say who and where an agent is: everybody may look at them."""


def test_a_phase_reads_only_what_it_says_it_reads(monkeypatch):
    model = busy_economy()
    names = set(columns_of(model.world))
    seen, tables = set(), {id(getattr(model.world, table)): table for table in TABLES}

    def look(table, name):
        value = object.__getattribute__(table, name)
        if name in type(table).columns:
            seen.add(f"{tables[id(table)]}.{name}")
        return value

    read = {line.act.__name__: set() for line in TICK}
    for _ in range(6):
        model.world.week += 1
        for line in TICK:
            seen.clear()
            with monkeypatch.context() as patch:
                patch.setattr(Table, "__getattribute__", look, raising=False)
                line.act(model.cast)
            read[line.act.__name__] |= {name for name in seen if name.split(".")[1] not in ALWAYS}
    undeclared = {}
    for line in TICK:
        allowed = declared(line, "Reads", names) | declared_writes(line, names | {"ledger"})
        if surplus := read[line.act.__name__] - allowed:
            undeclared[line.act.__name__] = sorted(surplus)
    assert not undeclared


def test_changed_finds_a_single_bit():
    world = economy(200).world
    before = {name: values.copy() for name, values in columns_of(world).items()}
    world.zones.n_exits[0] += 1
    assert changed(before, columns_of(world)) == {"zones.n_exits"}


def test_a_step_is_one_week_of_all_phases():
    model = economy(200, n_weeks=3)
    model.step()
    assert model.world.week == 1
    assert model.weekly["week"] == [1]
    assert list(model.seconds) == list(ORDER)
    model.run_all()
    model.run_all()
    assert model.weekly["week"] == [1, 2, 3], "a run ends with its horizon"
    assert {len(series) for series in model.weekly.values()} == {3}
