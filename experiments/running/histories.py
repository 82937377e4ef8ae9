"""Which runs share a past, and which worker simulates it: before its first rule a market is the same for every rule."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from sim.scenario import Scenario

MOST_RUNS = 64
"""Runs a group holds: what has begun with it is lost when its worker dies, simulating a past once more costs little."""
LEAST_SAVED = 0.98
"""Simulating a past once more must save at least a fiftieth of the time until everything is done."""


@dataclass(frozen=True)
class Group:
    """Runs for one worker: the market without rules is simulated once, and every run with rules branches off it."""

    runs: tuple[Scenario, ...]
    """All with the same market, seed and horizon; a run without rules is the trunk itself."""

    @property
    def branches(self) -> list[Scenario]:
        """Runs with rules, in the order in which they leave the trunk."""
        return sorted((run for run in self.runs if run.policy), key=lambda run: run.first_policy_week)

    @property
    def baseline(self) -> Scenario | None:
        """The run without rules, if it is wanted."""
        return next((run for run in self.runs if not run.policy), None)

    @property
    def cost(self) -> int:
        """Weeks to simulate, times consumers."""
        n_weeks, branches = self.runs[0].horizon.n_weeks, self.branches
        trunk = n_weeks if self.baseline or not branches else branches[-1].first_policy_week - 1
        after = sum(n_weeks - run.first_policy_week + 1 for run in branches)
        return (trunk + after) * self.runs[0].population.n_consumers

    def parts(self, n_most: int) -> list[Group]:
        """Groups of about equally many runs, none of more than `n_most`."""
        n = -(-len(self.runs) // n_most)
        ordered = [*filter(None, [self.baseline]), *self.branches]
        return [Group(tuple(ordered[i::n])) for i in range(n)] if n > 1 else [self]

    def halves(self) -> list[Group]:
        """Two groups that can be worked on at once; each simulates the shared past itself."""
        ordered = [*filter(None, [self.baseline]), *self.branches]
        return [Group(tuple(ordered[0::2])), Group(tuple(ordered[1::2]))]


def share(scenarios: list[Scenario], n_workers: int) -> list[Group]:
    """Groups of runs with one past, the most costly first.

    Where that leaves workers idle, the most costly group is halved as long as everything is then done sooner.
    """
    found: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        found.setdefault(scenario.without_policy().digest(), []).append(scenario)
    parts = [part for runs in found.values() for part in Group(tuple(runs)).parts(MOST_RUNS)]
    groups = sorted(parts, key=lambda group: -group.cost)
    while True:
        widest = next((group for group in groups if len(group.runs) > 1), None)
        if widest is None:
            return groups
        split = [*(group for group in groups if group is not widest), *widest.halves()]
        split.sort(key=lambda group: -group.cost)
        is_idle = len(groups) < n_workers
        if not is_idle and until_done(split, n_workers) > LEAST_SAVED * until_done(groups, n_workers):
            return groups
        groups = split


def until_done(groups: list[Group], n_workers: int) -> int:
    """Cost of the busiest worker when each takes the next group as soon as it is free."""
    busy = [0] * n_workers
    for group in groups:
        heapq.heapreplace(busy, busy[0] + group.cost)
    return max(busy)
