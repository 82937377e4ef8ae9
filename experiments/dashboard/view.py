"""A view of the page *Ask*: one question, as an address says it and as a command asks it.

Everything that comes from a browser passes through here: only names that can be chosen and numbers within their
declared ranges come out, so that nothing else reaches a command line, a file or a configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from experiments.dashboard import questions
from experiments.dashboard.levers import Lever, Misread, lever
from experiments.request import folders
from sim.policy.catalogue import CATALOGUE

DEFAULTS = {"sector": "food_delivery", "population": "town", "platforms": "gradient", "horizon": "standard"}
CHOICES = {
    "sector": tuple(folders.options("sector")),  # and those of the user's folder: `choices`
    "population": ("town", "city"),
    "platforms": ("fixed", "rule_of_thumb", "gradient"),
    "horizon": ("standard", "one_year"),
}
"""What a screen offers of each group: larger markets and learners are for the command line."""
FIRST_RULES = ("commission_cap",)
FEWEST, USUAL, MOST = 1, 8, 64
"""Replicates."""
LONGEST = 8_000
"""Characters of an address that are read."""


def choices(group: str) -> tuple[str, ...]:
    """What may be chosen of a group: what a screen offers, and markets of the user's folder."""
    more = questions.own(group) if group in questions.OFFERED else []
    return tuple(dict.fromkeys([*CHOICES[group], *more]))


@dataclass(frozen=True)
class View:
    """A question: market, size, platforms' strategy, weeks, rules with the values that are not usual, replicates."""

    sector: str = DEFAULTS["sector"]
    population: str = DEFAULTS["population"]
    platforms: str = DEFAULTS["platforms"]
    horizon: str = DEFAULTS["horizon"]
    policy: tuple[str, ...] = FIRST_RULES
    values: Mapping[str, Any] = field(default_factory=dict)
    """Values by lever, those that differ from the usual ones only."""
    replicates: int = USUAL

    def value(self, one: Lever) -> Any:
        """What a lever is set to."""
        return self.values.get(one.key, one.usual)

    def with_rules(self, rules: tuple[str, ...]) -> View:
        """The same question about other rules, in the order of the law; values of rules that stay are kept."""
        chosen = tuple(name for name in CATALOGUE if name in rules)
        kept = {key: value for key, value in self.values.items() if key.partition(".")[0] in chosen}
        return replace(self, policy=chosen, values=kept)

    def with_value(self, one: Lever, value: Any) -> View:
        """The same question with a lever set; one of a rule that is not chosen changes nothing."""
        if one.rule not in self.policy:
            return self
        kept = {key: own for key, own in self.values.items() if key != one.key}
        return replace(self, values=kept if value == one.usual else {**kept, one.key: value})

    @property
    def query(self) -> str:
        """The question as an address says it; the same question always in the same words."""
        sentence = {key: getattr(self, key) for key in CHOICES} | {"policy": ",".join(self.policy)}
        for name in self.policy:
            sentence |= {key: self._text(key) for key in sorted(self.values) if key.startswith(f"{name}.")}
        return urlencode(sentence | {"replicates": self.replicates}, safe=",")

    @property
    def words(self) -> list[str]:
        """The question as overrides of a command line."""
        sentence = [f"{key}={getattr(self, key)}" for key in CHOICES]
        sentence.append(f"policy=[{','.join(self.policy)}]")
        sentence += [f"policy.{key}={self._text(key)}" for name in self.policy for key in self._keys(name)]
        return [*sentence, f"replicates={self.replicates}"]

    def _keys(self, name: str) -> list[str]:
        return sorted(key for key in self.values if key.startswith(f"{name}."))

    def _text(self, key: str) -> str:
        one = lever(key)
        assert one is not None, "only known levers have values"
        return one.text(self.values[key])


def read(query: str) -> tuple[View, list[str]]:
    """The view of an address, and what in it was not understood or not allowed, in words; that part is as usual."""
    given = dict(parse_qsl(query.removeprefix("?")[:LONGEST], keep_blank_values=True))
    faults: list[str] = []
    view = View()
    for key in CHOICES:
        allowed = choices(key)
        asked = given.pop(key, DEFAULTS[key])
        if asked in allowed:
            view = replace(view, **{key: asked})
        else:
            faults.append(f"{key} {asked:.40} cannot be chosen here; allowed: {', '.join(allowed)}")
    if "policy" in given:
        names = [name for name in given.pop("policy").split(",") if name]
        faults += [f"There is no rule {name:.40}" for name in names if name not in CATALOGUE]
        view = view.with_rules(tuple(name for name in names if name in CATALOGUE))
    view = _with_replicates(view, given.pop("replicates", None), faults)
    for key, text in given.items():
        view = _with_lever(view, key, text, faults)
    return view, faults


def _with_replicates(view: View, text: str | None, faults: list[str]) -> View:
    if text is None:
        return view
    if text.isascii() and text.isdigit() and FEWEST <= int(text[:6]) <= MOST:
        return replace(view, replicates=int(text))
    faults.append(f"{text:.20} replicates cannot be run here; allowed: {FEWEST} to {MOST}")
    return view


def _with_lever(view: View, key: str, text: str, faults: list[str]) -> View:
    one = lever(key)
    if one is None or one.rule not in view.policy:
        faults.append(f"{key:.60} is no lever of the rules chosen")
        return view
    try:
        return view.with_value(one, one.read(text))
    except Misread as error:
        faults.append(str(error))
        return view
