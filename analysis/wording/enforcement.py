"""Enforcement in words and tables: what is inspected, proven, decided, fined and missed; how practices decline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analysis.result import Frame, Result
from analysis.statistics import estimates as est
from analysis.statistics.funnel import AROUND, PRACTICE, STEPS
from analysis.wording.findings import Finding
from analysis.wording.numbers import (
    UNKNOWN,
    capital,
    counted,
    estimate,
    listed,
    number,
    scale_of,
    sentence,
    uncapital,
    unit_text,
)

TOPIC = "Enforcement of the rules"
BY_SCENARIO = ("breaches_in_force", "inspections_of_breaches", "missed_share", "opened", "fined", "fines")
"""Measures side by side where several policies are compared."""
NAMES = {
    "exclusivity": "forced exclusivity",
    "self_preference": "paid ranking",
    "surcharge": "personal surcharges",
    "predation": "coupons below cost",
    "forced_discount": "forced promotions",
    "misleading": "misleading promises",
    "opaque_dispatch": "hidden deductions",
    "bogus_self_employment": "bogus self-employment",
}
"""Practices by names that a reader knows without the list; of others the label says enough."""
ERRORS = ("missed_share", "suspected_share")
"""Parts of a whole, of which there is no more than all."""
NEARLY = 0.05
"""Part of the observed level within which a practice is where rules require it: small platforms may not be bound."""
NOTICEABLE = 0.01
"""Part of the observed level from which on a decline is reported."""


@dataclass(frozen=True)
class FunnelRow:
    """One measure of the funnel, or one practice, with its 95% interval; `asked` is what rules leave of a practice."""

    measure: str
    title: str
    unit: str
    n_replicates: int
    value: float
    low: float
    high: float
    asked: float

    @property
    def factor(self) -> float:
        """What a number is multiplied with before it is printed."""
        return scale_of(self.unit).factor

    @property
    def words(self) -> str:
        """`4.5 [1.5, 7.6]`, or that there is none; shares as per cents."""
        if not math.isfinite(self.value):
            return "no inspections" if self.measure in ERRORS else UNKNOWN
        if not self.high - self.low > 1e-9 * max(abs(self.value), 1.0):  # always the same, or a single replicate
            plain = number(self.factor * self.value, None if self.value % 1 and self.factor == 1 else 0)
            return plain + ("%" if self.factor != 1.0 else "")
        low = max(self.low, 0.0)  # counts, money and shares are never below nothing
        high = min(self.high, 1.0) if self.measure in ERRORS else self.high
        text = estimate(self.value, low, high, factor=self.factor, signed=False)
        return text.replace(" [", "% [", 1) if self.factor != 1.0 else text


def rows_of(frame: Frame) -> dict[str, FunnelRow]:
    """Measures and practices of one scenario by name, in their order."""
    keys = list(FunnelRow.__dataclass_fields__)
    records = {row["measure"]: row for row in frame[keys].to_dict("records")}
    for name, row in records.items():
        row["title"] = NAMES.get(name.removeprefix(PRACTICE), row["title"])
    return {name: FunnelRow(**row) for name, row in records.items()}


def focus_of(result: Result) -> Frame:
    """Rows of the scenario with the largest gains and losses; none where its rules require nothing of platforms."""
    frame = result.enforcement
    return frame if frame.empty else est.of_scenario(frame, est.focus(result.effects))


def practices(funnel: dict[str, FunnelRow]) -> list[FunnelRow]:
    """Practices that rules address, those of which least is left first; last those that the market does not have."""
    kept = [row for name, row in funnel.items() if name.startswith(PRACTICE)]
    return sorted(kept, key=lambda row: (math.isnan(row.value), row.value))


def lead(funnel: dict[str, FunnelRow]) -> str:
    """The funnel in one sentence."""
    inspections, in_force = funnel["inspections_of_breaches"], funnel["breaches_in_force"]
    if not in_force.value:
        return "Platforms comply with the rules: there is no breach"
    if not inspections.value:
        return f"{capital(_breaches(in_force))} in force in a mean week, and none is inspected"
    proven, fined = funnel["proven"], funnel["fined"]
    end = f"{fined.words} cases end in a fine" if fined.value else "no case ends in a fine"
    prove = f"prove {proven.words}" if proven.value else "prove none"
    return f"Departments and auditors inspect breaches {number(inspections.value, 0)} times a year and {prove}; {end}"


def incomplete(frame: Frame) -> str:
    """That limits do not hold exactly, where rules are broken; nothing where platforms comply."""
    in_force = rows_of(frame)["breaches_in_force"]
    if not in_force.value:
        return ""
    return sentence(
        f"Compliance is incomplete ({_breaches(in_force)} in force in a mean week), so that what is charged or paid "
        "may lie beyond the limit that a rule sets"
    )


def _breaches(in_force: FunnelRow) -> str:
    return f"{in_force.words} full breaches are"


def errors(funnel: dict[str, FunnelRow]) -> str:
    """How often inspections err, either way."""
    missed, suspected = funnel["missed_share"], funnel["suspected_share"]
    parts = []
    if math.isfinite(missed.value):
        parts.append(f"where there is a breach, {missed.words} of inspections fail to detect it")
    if math.isfinite(suspected.value):
        share = f"{suspected.words} of inspections raise" if suspected.value else "no inspection raises"
        parts.append(f"where there is none, {share} a wrong suspicion" if parts else f"{share} a wrong suspicion")
    return sentence("; ".join(parts)) if parts else ""


def cases(funnel: dict[str, FunnelRow]) -> str:
    """What becomes of cases, and the money."""
    opened, decided, fines, back = (funnel[name] for name in ("opened", "decided", "fines", "paid_back"))
    if not opened.value:
        return ""
    ended = f"{decided.words} are decided" if decided.value else "none is decided"
    late = "; those opened late are still open when the run ends" if decided.value < opened.value else ""
    text = sentence(f"{opened.words} cases are opened a year and {ended}{late}")
    if fines.value:
        paid_back = f", of which {back.words} were unjustified and repaid" if back.value else ""
        text += " " + sentence(f"Fines amount to {fines.words} {unit_text(fines.unit)}{paid_back}")
    return text


def given_up(funnel: dict[str, FunnelRow]) -> str:
    """How far practices declined."""
    rows = practices(funnel)
    if not rows:
        return ""
    fallen = [row for row in rows if row.value < 1.0 - NOTICEABLE]
    if not fallen:
        return "No practice that the rules address declines noticeably"
    met = [row for row in rows if row.value <= row.asked + NEARLY]
    verb = "declines" if len(fallen) == 1 else "decline"
    how = f"{len(fallen)} of {counted(len(rows), 'practice')} {verb}"
    how = how if len(fallen) < len(rows) else "Every practice declines"
    if len(rows) == 1:
        how = f"{capital(rows[0].title)} declines to {rows[0].words} of its observed level"
        return how + ("" if met else f", where the rules require {number(100 * rows[0].asked, 0)}%")
    most = next((row for row in reversed(rows) if math.isfinite(row.value)), rows[-1])
    as_asked = {0: "none about as far as the rules require", len(rows): "about as far as the rules require"}
    extent = as_asked.get(len(met), f"{len(met)} of {len(rows)} about as far as the rules require")
    left = "" if len(met) == len(rows) else f"; most remains of {most.title}, {most.words} of the observed level"
    return f"{how}, {extent}{left}"


def finding(result: Result) -> Finding | None:
    """The card of a report; None where no rule requires anything of platforms."""
    funnel = rows_of(focus_of(result))
    if not funnel:
        return None
    return Finding(TOPIC, sentence(lead(funnel)), tuple(filter(None, (errors(funnel), _sentence(given_up(funnel))))))


def _sentence(words: str) -> str:
    return sentence(words) if words else ""


def sentences(result: Result) -> list[str]:
    """The words before the figure, whose title is the funnel in short: breaches in force, errors, cases and money."""
    funnel = rows_of(focus_of(result))
    if not funnel:
        return []
    in_force, leads, burden = funnel["breaches_in_force"], funnel["leads"], funnel["burden"]
    received = f"the departments receive {leads.words} leads a year, from those harmed or from one another"
    message = []
    if in_force.value and funnel["inspections_of_breaches"].value:
        where = "over all platforms and types of infringement"
        message.append(f"In a mean week {_breaches(in_force)} in force, {where}; {received}")
    message += [errors(funnel), cases(funnel)]
    if burden.value:
        message.append(f"Compliance costs platforms {burden.words} {unit_text(burden.unit)}")
    return [sentence(words) for words in message if words]


def notes() -> list[str]:
    """How to read the numbers."""
    return [
        "An inspection is one department or auditor examining one platform for one type of infringement; a visit may "
        "comprise several. Numbers a year are 52 times the mean week under the policy. A full breach is one type of "
        "infringement for which a platform does nothing of what the rules require; half a breach counts half, a "
        "covert one by its actual extent. Intervals do not extend below zero, nor those of shares above 100%.",
        "Platforms weigh the gain from a breach against the sanction they expect. Practices may therefore decline "
        "although few cases end in a fine, and a rule may be obeyed although nobody is fined under it.",
    ]


def table(frame: Frame) -> dict[str, Any]:
    """Every measure of one scenario with its interval and unit."""
    rows = [
        [row.title, row.words, unit_text(row.unit)]
        for name, row in rows_of(frame).items()
        if name in STEPS or name in AROUND
    ]
    return {"heads": ["Measure", "With the policy [95%]", "Unit"], "rows": rows}


def practice_table(frame: Frame) -> dict[str, Any]:
    """Every practice that rules address: what it is, what is left of it, what the rules permit."""
    from sim.parameters import MEANING

    meanings = {practice.label: meaning for practice, meaning in MEANING.items()}
    rows = [
        [
            capital(row.title),
            capital(meanings.get(row.measure.removeprefix(PRACTICE), "")),
            row.words,
            f"{number(100 * row.asked, 0)}%",
        ]
        for row in practices(rows_of(frame))
    ]
    return {"heads": ["Practice", "What it is", "Remaining, % of the observed level [95%]", "Permitted"], "rows": rows}


def by_scenario(result: Result) -> dict[str, Any]:
    """One row a policy that requires something of platforms; nothing unless there are several."""
    frame, in_full = result.enforcement, result.record.get("policies_in_full") or {}
    if frame["scenario"].nunique() < 2:
        return {"heads": [], "rows": [], "note": ""}
    rows, heads, note = [], [], ""
    for n, label in est.scenarios(frame):
        funnel = rows_of(est.of_scenario(frame, n))
        heads = [funnel[name].title for name in BY_SCENARIO]
        units = [f"{uncapital(funnel[name].title)}: {_unit(funnel[name])}" for name in BY_SCENARIO]
        left_out = "Policies that require nothing of platforms are not listed"
        note = sentence(f"{listed(units)}; with 95% intervals. {left_out}")
        left = [f"{row.title} {number(100 * row.value, 0)}%" for row in practices(funnel)]
        rows.append(
            [
                in_full.get(label, label),
                *(funnel[name].words for name in BY_SCENARIO),
                listed(left) or "none addressed",
            ]
        )
    return {"heads": ["Policy", *heads, "Practices remaining"], "rows": rows, "note": note}


def _unit(row: FunnelRow) -> str:
    return unit_text(scale_of(row.unit).level)
