"""A result as a page of Markdown, to be kept beside the code: tables only, what they mean is for a person to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analysis.report.sections import TITLES
from analysis.result import Result
from analysis.statistics import estimates as est
from analysis.statistics.distribution import GROUPINGS, MATERIAL_SHARE
from analysis.wording import behaviour, conduct, enforcement
from analysis.wording.evidence import role_title
from analysis.wording.groups import groups_of, percent
from analysis.wording.numbers import capital, estimate, number, quantity, scale_of, sentence, unit_text
from analysis.wording.parties import party_title


def page(result: Result) -> str:
    """Title, question, command, and every table of a result folder."""
    record = result.record
    weeks = f"{record['n_weeks']} weeks, policy from week {record['policy_week']}"
    seeds = f"seeds {record['seeds'][0]} to {record['seeds'][-1]}"
    people = f"{number(record['n_consumers'], 0)} consumers, {record['n_replicates']} replicates ({seeds})"
    return "\n".join(
        [
            f"# {record['title']}",
            "",
            record["question"],
            "",
            f"`{record['command']}`: {people}, {weeks}. Code version {record['code_version']}.",
            "Paired differences of a mean week under the policy, with 95% intervals.",
            *party_tables(result),
            *answer_tables(result),
            *enforcement_tables(result),
            *measure_tables(result),
            *group_tables(result),
            *moment_table(result),
            "",
        ]
    )


def party_tables(result: Result) -> Iterator[str]:
    """One row a scenario: what each party gains or loses."""
    rows = []
    for n, label in est.scenarios(result.effects):
        by_party = {e.party: e for e in est.estimates(est.money(est.of_scenario(result.effects, n)))}
        cells = [
            estimate(e.effect, e.low, e.high) if (e := by_party.get(party)) else "not recorded" for party in est.MONEY
        ]
        rows.append([label or "the policy", *cells])
    unit = est.estimates(est.money(result.effects))[0].unit
    yield from ["", f"## Effects by party, {unit_text(unit)}"]
    yield from table(["", *map(party_title, est.MONEY)], rows)


def answer_tables(result: Result) -> Iterator[str]:
    """Direct effect and behavioural response; what changes under other strategies."""
    response = behaviour.finding(result)
    tried = conduct.table(result)
    if response:
        parts, shares = behaviour.table(result), behaviour.by_scenario(result.waterbed)
        yield from ["", f"## {TITLES['answer']}", "", response.lead]
        yield from table(parts["heads"], parts["rows"])
        yield from table(shares["heads"], shares["rows"])
    if tried["rows"]:
        yield from ["", f"## {TITLES['strategies']}", "", conduct.finding(conduct.focus_of(result))]
        yield from table(tried["heads"], tried["rows"])


def enforcement_tables(result: Result) -> Iterator[str]:
    """Enforcement, scenario by scenario; nothing where no rule requires anything of platforms."""
    frame = result.enforcement
    if frame.empty:
        return
    yield from ["", f"## {TITLES['enforcement']}"]
    compared = enforcement.by_scenario(result)
    if compared["rows"]:
        yield from table(compared["heads"], compared["rows"])
        yield from ["", compared["note"]]
        return
    text = [sentence(enforcement.lead(enforcement.rows_of(frame))), *enforcement.sentences(result)]
    yield from ["", " ".join(text), "", *enforcement.notes()]
    for of_one in (enforcement.table(frame), enforcement.practice_table(frame)):
        if of_one["rows"]:
            yield from table(of_one["heads"], of_one["rows"])


def measure_tables(result: Result) -> Iterator[str]:
    """Key measures, a table a scenario."""
    for n, label in est.scenarios(result.effects):
        measured = est.estimates(est.key_measures(est.of_scenario(result.effects, n)))
        rows = []
        for e in measured:
            scale = scale_of(e.unit)
            effect = estimate(e.effect, e.low, e.high, factor=scale.factor)
            rows.append([e.title, quantity(e.baseline, e.unit), effect, scale.change])
        yield from ["", f"## {TITLES['measures']}{': ' + label if label else ''}"]
        yield from table(["measure", "without", "effect", "unit of the effect"], rows)


def group_tables(result: Result) -> Iterator[str]:
    """Effects within each party, a table a scenario."""
    if result.distribution.empty:
        return
    for n, label in est.scenarios(result.effects):
        frame, rows = est.of_scenario(result.distribution, n), []
        for party, groupings in GROUPINGS.items():
            for g in (g for grouping in groupings for g in groups_of(frame, party, grouping)):
                effect = estimate(g.effect, g.low, g.high)
                rows.append([party, g.title, effect, percent(*g.gain), percent(*g.lose)])
        if not rows:
            continue
        yield from ["", f"## {TITLES['within']}{': ' + label if label else ''}", ""]
        counted = f"more than {100 * MATERIAL_SHARE:g}% of the average stake of similar agents"
        yield f"{capital(result.record['currency'])} a week per agent; changes of {counted} count as gain or loss."
        yield from table(["party", "group", "effect", "gain", "lose"], rows)


def moment_table(result: Result) -> Iterator[str]:
    """How the market without the policy compares with the facts."""
    if result.moments.empty:
        return
    rows = []
    for row in result.moments.itertuples():
        simulated = f"{number(row.simulated)} [{number(row.low)}, {number(row.high)}]"
        role = role_title(row.role).lower()
        rows.append([row.title, role, f"{number(row.target)} {row.unit}", simulated, row.verdict, row.source])
    yield from ["", "## Simulated and observed moments"]
    yield from table(["moment", "role", "target", "simulated", "verdict", "source"], rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a Markdown table, an empty one before it."""
    yield from ("", line(heads), "|---" * len(heads) + "|")
    for row in rows:
        yield line(row)


def line(cells: Sequence[str]) -> str:
    """One row; a cell cannot hold the sign that parts cells."""
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
