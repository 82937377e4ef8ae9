"""What a run is built from: one frozen, validated object and its digest."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import annotated_types

from sim.agents.strategies import STRATEGIES
from sim.errors import Problem, RefusedScenario
from sim.game.start import conflicts
from sim.market.turnover import FIRST_RECRUIT, MOST_RECRUITS
from sim.parameters import ConductParameters, Param, Sector, parameters
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import AbstractInstrument
from sim.rules.hooks import BY_ZONE
from sim.strict import adapter, build, nearest, patched

MOST_PLATFORMS = 10
MOST_TIERS = 8
MOST_PROFILES = 5_000
MOST_ROWS = 2**31
LAST_IDENTITY = 2**32


@parameters
class Population:
    """How many people; zones are sub-markets of about ten thousand consumers."""

    name: Annotated[str, annotated_types.Len(1, 40)]
    n_consumers: Annotated[int, Param("consumers", "people", 1, 20_000_000)]
    n_zones: Annotated[int, Param("zones", "zones", 1, 20_000)]


@parameters
class Horizon:
    """How long, and from which week rules apply that name no week of their own."""

    n_weeks: Annotated[int, Param("weeks simulated", "weeks", 1, 5_200)]
    policy_week: Annotated[int, Param("first week of the policy", "week", 1, 5_200)]


@dataclass(frozen=True)
class Scenario:
    """Everything that decides a run's numbers; threads, workers and paths are not part of it."""

    sector: Sector
    population: Population
    platforms: ConductParameters
    policy: dict[str, AbstractInstrument]
    horizon: Horizon
    seed: int

    def __hash__(self) -> int:
        # A scenario holds mappings, and tables of runs are grouped by scenarios.
        return int(self.digest()[:15], 16)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Scenario:
        """Build from plain mappings; raises `RefusedScenario` with every problem that was found."""
        return cls.unsettled(given).settled()

    @classmethod
    def unsettled(cls, given: Mapping[str, Any]) -> Scenario:
        """Every part valid by itself; to be changed by `with_value` before it is settled."""
        problems: list[Problem] = []
        names = [field.name for field in dataclasses.fields(cls)]
        problems += [
            Problem(str(key), "there is no such key", ", ".join(names), nearest(str(key), names))
            for key in given
            if key not in names
        ]
        parts = {
            name: build(kind, _mapping(given, name, problems), name, problems)
            for name, kind in (
                ("sector", Sector),
                ("population", Population),
                ("platforms", ConductParameters),
                ("horizon", Horizon),
            )
        }
        policy = _policy(_mapping(given, "policy", problems), problems)
        seed = given.get("seed")
        if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**64:
            problems.append(
                Problem(
                    f"seed={seed}",
                    "a seed is a whole number",
                    "0 to 2^64 - 1",
                    "set seed to one, for example seed=1",
                )
            )
        if problems:
            raise RefusedScenario(problems)
        return cls(**parts, policy=policy, seed=int(seed))  # pyright: ignore

    def settled(self) -> Scenario:
        """With a start week for every rule; raises `RefusedScenario` for parts that contradict each other."""
        scenario = self.with_start_weeks()
        if problems := scenario.contradictions():
            raise RefusedScenario(problems)
        return scenario

    def with_value(self, key: str, value: Any, problems: list[Problem]) -> Scenario:
        """Another value at a dotted key below a part, validated by itself; what does not change is shared."""
        part, *steps = key.split(".")
        return dataclasses.replace(self, **{part: patched(getattr(self, part), steps, value, part, problems)})

    def value_at(self, key: str) -> tuple[Any, Param | None]:
        """Value and declaration of a number at a dotted key."""
        part, *steps = key.split(".")
        here: Any = getattr(self, part)
        if not steps:
            raise KeyError(key)
        for step in steps[:-1]:
            here = here[step] if isinstance(here, dict) else getattr(here, step)
        hint = get_type_hints(type(here), include_extras=True)[steps[-1]]
        notes = getattr(hint, "__metadata__", ())
        return getattr(here, steps[-1]), next((note for note in notes if isinstance(note, Param)), None)

    def with_start_weeks(self) -> Scenario:
        """Rules that name no week start in the horizon's policy week, and pilots cover whole zones.

        Platforms reckon with the share of zones that a pilot really covers, as agents meet it.
        """
        week, zones = self.horizon.policy_week, self.population.n_zones
        return dataclasses.replace(
            self,
            policy={
                name: _with(rule, week if rule.start_week is None else rule.start_week, zones)
                for name, rule in self.policy.items()
            },
        )

    @property
    def first_policy_week(self) -> int:
        """First week in which a rule is in force; the horizon's policy week without rules."""
        return min((rule.start_week or 1 for rule in self.policy.values()), default=self.horizon.policy_week)

    def without_policy(self) -> Scenario:
        """The same run without any rule: the other half of every paired comparison."""
        conduct = dataclasses.replace(self.platforms, sees_rules=True)
        return dataclasses.replace(self, policy={}, platforms=conduct)

    def contradictions(self) -> list[Problem]:
        """Problems of parts that are valid by themselves and contradict each other."""
        sector, problems = self.sector, []
        for name, rule in self.policy.items():
            problems += self._conflicts_of_rule(name, rule)
        if self.platforms.strategy not in STRATEGIES:
            asked, allowed = self.platforms.strategy, list(STRATEGIES)
            why = "there is no such strategy"
            problems.append(Problem(f"platforms.strategy={asked}", why, ", ".join(allowed), nearest(asked, allowed)))
        problems += self._conflicts_of_learning()
        if not 1 <= len(sector.platforms) <= MOST_PLATFORMS:
            asked, why = f"{len(sector.platforms)} platforms", "a market has at least one, and apps are stored in bits"
            problems.append(Problem(asked, why, f"1 to {MOST_PLATFORMS}", "add or remove platforms"))
        for who, side in (("merchants", sector.merchants), ("workers", sector.workers)):
            if side.n_slots < side.n_per_zone:
                why, todo = f"{side.n_per_zone} {who} start in a zone", "raise n_slots or lower n_per_zone"
                asked, allowed = f"sector.{who}.n_slots={side.n_slots}", f"at least {side.n_per_zone}"
                problems.append(Problem(asked, why, allowed, todo))
        problems += self._conflicts_of_tiers()
        shares = sum(group.share for group in sector.workers.groups.values())
        if sector.workers.n_per_zone and abs(shares - 1.0) > 1e-6:
            asked, why = f"sector.workers.groups with shares summing to {shares:g}", "every worker has one group"
            problems.append(Problem(asked, why, "shares that sum to 1", "change the shares"))
        people, zones = self.population.n_consumers, self.population.n_zones
        rows = zones * sector.merchants.n_slots * max(len(sector.platforms), 1)
        if rows >= MOST_ROWS:
            why, todo = f"{rows} places for merchants on platforms are counted in 32 bits", "fewer zones or slots"
            problems.append(Problem(f"population.n_zones={zones}", why, f"fewer than {MOST_ROWS} places", todo))
        if zones > people:
            problems.append(
                Problem(f"population.n_zones={zones}", "a zone needs consumers", f"1 to {people}", "lower n_zones")
            )
        return problems + self._conflicts_of_recruits()

    def _conflicts_of_learning(self) -> list[Problem]:
        """What platforms that learn by trial cannot learn here."""
        conduct, n = self.platforms, len(self.sector.platforms)
        if conduct.strategy != "q_learning":
            return []
        problems = conflicts(conduct.learning, n, conduct.levels.n_levels, "platforms.learning")
        if not self.sector.merchants.n_per_zone:
            why, todo = "commissions are what is learned, and nobody pays any here", "choose another strategy"
            problems.append(Problem("platforms=q_learning", why, "markets with merchants", todo))
        if conduct.learning.memory > 1:
            asked, why = f"platforms.learning.memory={conduct.learning.memory}", "levers show what was charged last"
            problems.append(Problem(asked, why, "0 or 1 period", "remember one period"))
        n_profiles = math.prod([conduct.levels.n_levels] * n)
        if n_profiles > MOST_PROFILES:
            asked, why = (
                f"platforms.levels.n_levels={conduct.levels.n_levels}",
                f"{n} platforms make {n_profiles} profiles",
            )
            problems.append(Problem(asked, why, f"at most {MOST_PROFILES} profiles", "fewer levels"))
        return problems

    def _conflicts_of_tiers(self) -> list[Problem]:
        tiers, problems = list(self.sector.merchants.tiers), []
        if not 1 <= len(tiers) <= MOST_TIERS:
            asked, why = f"sector.merchants.tiers with {len(tiers)} of them", "every merchant has one tier"
            return [Problem(asked, why, f"1 to {MOST_TIERS} tiers", "add or remove tiers")]
        shares = sum(tier.share for tier in self.sector.merchants.tiers.values())
        if abs(shares - 1.0) > 1e-6:
            asked, why = f"sector.merchants.tiers with shares summing to {shares:g}", "every merchant has one tier"
            problems.append(Problem(asked, why, "shares that sum to 1", "change the shares"))
        for name, platform in self.sector.platforms.items():
            if sorted(platform.commission) != sorted(tiers):
                asked = f"sector.platforms.{name}.commission for {', '.join(platform.commission) or 'nobody'}"
                why, todo = "a platform charges every tier of merchants", "name each of sector.merchants.tiers once"
                problems.append(Problem(asked, why, ", ".join(tiers), todo))
        return problems

    def _conflicts_of_recruits(self) -> list[Problem]:
        workers, weeks, zones, problems = self.sector.workers, self.horizon.n_weeks, self.population.n_zones, []
        mean = 2.0 * workers.leaving_rate * workers.n_per_zone
        if mean > MOST_RECRUITS / 2:
            why = f"{mean:g} people of a zone consider joining in a week, and {MOST_RECRUITS} are counted at most"
            asked, todo = f"sector.workers.leaving_rate={workers.leaving_rate:g}", "lower leaving_rate or n_per_zone"
            problems.append(Problem(asked, why, f"0 to {MOST_RECRUITS / 4 / workers.n_per_zone:g}", todo))
        room = (LAST_IDENTITY - FIRST_RECRUIT) // MOST_RECRUITS
        if (weeks + 1) * zones > room:
            why, todo = (
                f"workers who join in {weeks} weeks and {zones} zones are counted in 32 bits",
                "lower one of them",
            )
            asked = f"horizon.n_weeks={weeks} with population.n_zones={zones}"
            problems.append(Problem(asked, why, f"(weeks + 1) x zones up to {room}", todo))
        return problems

    def _conflicts_of_rule(self, name: str, rule: AbstractInstrument) -> list[Problem]:
        problems, last = [], self.horizon.n_weeks
        first, start = self.horizon.policy_week, rule.start_week or 0
        if not first <= start <= last:
            asked = f"policy.{name} starting in week {start}"
            why = (
                f"the horizon ends after week {last}" if start > last else f"until week {first} the market is observed"
            )
            todo = "change horizon.policy_week, horizon.n_weeks or the rule's start_week"
            problems.append(Problem(asked, why, f"{first} to {last}" if first <= last else f"1 to {last}", todo))
        if rule.end_week is not None and not start <= rule.end_week:
            asked, why = f"policy.{name}.end_week={rule.end_week}", f"the rule starts in week {start}"
            problems.append(Problem(asked, why, f"{start} or later, or none", f"raise policy.{name}.end_week"))
        end = min(last, rule.end_week or last)
        if rule.phase_in_weeks and start + rule.phase_in_weeks > end >= start:
            asked, why = (
                f"policy.{name}.phase_in_weeks={rule.phase_in_weeks}",
                f"it would never be fully in force: it ends in week {end}",
            )
            todo = "shorten the phase-in, or let the rule last longer"
            problems.append(Problem(asked, why, f"0 to {end - start}", todo))
        problems += _conflicts_of_pilot(name, rule, self.policy)
        for other, against in self.policy.items():
            weeks = range(start, last + 1)
            are_both = any(rule.strength(week) and against.strength(week) for week in weeks)
            if are_both and (why := rule.conflict_with(against)):
                todo = "leave one of them out, or change a parameter"
                problems.append(
                    Problem(f"policy.{name} together with policy.{other}", why, "rules that can both be law", todo)
                )
        if rule.department not in self.sector.departments:
            why, allowed = f"its department {rule.department} is not in the sector", ", ".join(self.sector.departments)
            problems.append(Problem(f"policy.{name}", why, allowed, f"add {rule.department} to sector.departments"))
        return problems

    def to_dict(self) -> dict[str, Any]:
        """Plain mappings from which `from_dict` builds the same scenario."""
        plain = dataclasses.asdict(self)
        plain["policy"] = {name: dataclasses.asdict(rule) for name, rule in self.policy.items()}
        return plain

    def digest(self) -> str:
        """SHA-256 of the numbers that decide the run: sources, titles and targets of moments are left out.

        The order of platforms, departments, groups and rules counts: draws are keyed by position.
        """
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @functools.cached_property
    def canonical(self) -> str:
        """What the digest is computed from, as JSON: every number that decides the run, groups in their order."""
        rules = ",".join(f"{json.dumps(name)}:{_text_of(rule)}" for name, rule in self.policy.items())
        parts = {"sector": _text_of(self.sector), "population": _text_of(self.population)}
        parts |= {"platforms": _text_of(self.platforms), "policy": f"{{{rules}}}", "horizon": _text_of(self.horizon)}
        return "{" + "".join(f'"{name}":{text},' for name, text in parts.items()) + f'"seed":{self.seed}}}'


def _with(rule: AbstractInstrument, start_week: int, n_zones: int) -> AbstractInstrument:
    share = round(rule.zones_share * n_zones) / n_zones if rule.hook in BY_ZONE else rule.zones_share
    if (start_week, share) == (rule.start_week, rule.zones_share):
        return rule
    return dataclasses.replace(rule, start_week=start_week, zones_share=share)


def _conflicts_of_pilot(name: str, rule: AbstractInstrument, policy: Mapping[str, AbstractInstrument]) -> list[Problem]:
    """Why a rule cannot be in force in these zones only."""
    asked, share = f"policy.{name}.zones_share={rule.zones_share:g}", rule.zones_share
    if share == 1.0:
        return []
    if rule.hook not in BY_ZONE:
        why, todo = "what it acts on is the same in all zones", "leave zones_share at 1, or pilot another rule"
        allowed = ", ".join(key for key, kind in CATALOGUE.items() if kind.hook in BY_ZONE)
        return [Problem(asked, why, f"1; shares for {allowed}", todo)]
    others = [r.zones_share for r in policy.values() if r.hook is rule.hook and r.zones_share not in (1.0, share)]
    if others:
        why = "pilots of rules that act on the same thing cover the same zones"
        return [Problem(asked, why, f"{others[0]:g} or 1", "give both the same share")]
    return []


LABELS: dict[type, Any] = {
    Sector: {
        **dict.fromkeys(("moments", "sources", "title", "name", "currency"), True),
        "platforms": {"__all__": {"name"}},
        "departments": {"__all__": {"name"}},
    },
    Population: {"name"},
}
"""Labels of numbers, which do not decide a run."""


def _text_of(part: Any) -> str:
    """A part of a scenario as JSON without its labels, kept with the part: many scenarios share one."""
    kept = part.__dict__
    if "_text" not in kept:  # the part is frozen, and so is its text
        kept["_text"] = adapter(type(part)).dump_json(part, exclude=LABELS.get(type(part))).decode()
    return kept["_text"]


def _mapping(given: Mapping[str, Any], name: str, problems: list[Problem]) -> Mapping[str, Any]:
    part = given.get(name)
    if part is None and name == "policy":
        return {}
    if not isinstance(part, Mapping):
        problems.append(
            Problem(
                f"{name}={part}",
                "a group of keys is needed here",
                "a mapping",
                f"choose a {name}, for example with {name}=...",
            )
        )
        return {}
    return part


def _policy(given: Mapping[Any, Any], problems: list[Problem]) -> dict[str, AbstractInstrument]:
    rules = {}
    for name, values in given.items():
        if name not in CATALOGUE:
            allowed, why = list(CATALOGUE), "there is no such instrument"
            problems.append(Problem(f"policy={name}", why, ", ".join(allowed), nearest(str(name), allowed)))
        elif values is not None and not isinstance(values, Mapping):
            asked, why = f"policy.{name}={values}", "an instrument is a group of parameters"
            todo = f"set policy.{name}.<parameter>, or leave it at its defaults"
            problems.append(Problem(asked, why, "a mapping", todo))
        else:
            built = build(CATALOGUE[name], values or {}, f"policy.{name}", problems)
            if built is not None:
                rules[name] = built
    return rules
