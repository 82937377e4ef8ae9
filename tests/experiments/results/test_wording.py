"""Rules by their titles, levers by their columns, and caveats that belong to the rules asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.statistics.estimates import MONEY
from analysis.wording.numbers import uncapital
from experiments import cli
from experiments.catalogue import rules
from experiments.request import build, labels, parameters
from experiments.request.request import Request
from experiments.results import caveats, records
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import AbstractInstrument

pytestmark = pytest.mark.long

EACH = "policy=[commission_cap],[data_limit],[interoperability],[commission_cap,data_limit,interoperability]"


def asked(*words: str) -> Request:
    """Of platforms that stay as they are."""
    return build.ask(["platforms=fixed", "population=town", *words])


def test_policies_are_called_by_the_titles_of_their_rules():
    request = asked(EACH)
    assert labels.labels(request) == ["Commission cap", "Data limit", "Interoperability", "All three rules together"]
    assert labels.default_title(request) == (
        "Four policies compared: commission cap, data limit, interoperability and all three rules together"
    )
    assert [set(point) for point in labels.lever_values(request)] == 4 * [{"rules"}]
    (lever,) = labels.levers(request)
    assert lever["values"] == labels.labels(request)


def test_two_policies_never_share_a_label():
    request = asked("policy=[commission_cap,data_limit,interoperability],[commission_cap,data_limit,minimum_pay]")
    assert labels.labels(request) == [
        "Commission cap, data limit and interoperability",
        "Commission cap, data limit and minimum pay",
    ]


def test_titles_and_questions_of_one_two_and_many_rules():
    one, two = asked("policy=minimum_pay"), asked("policy=[commission_cap,minimum_pay]")
    many = asked("policy=[commission_cap,data_limit,interoperability,minimum_pay]")
    assert labels.default_title(one).startswith("Minimum pay: ")
    assert "floor 25.3 yuan an hour, basis online, may ration): what does it do" in labels.default_question(one)
    assert labels.default_title(two).startswith("Commission cap and minimum pay: ")
    assert "what do they do together" in labels.default_question(two)
    assert labels.default_title(many) == (
        "Four rules together: commission cap, data limit, interoperability and minimum pay"
    )
    assert labels.labels(many) == ["Four rules together"]


def test_a_swept_yes_or_no_is_said_so():
    request = asked("policy=commission_cap", "policy.commission_cap.independents_only=true,false")
    assert labels.labels(request) == ["independents only yes", "independents only no"]


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_what_a_rule_leaves_out_is_a_caveat_of_its_results_and_of_no_others(name: str):
    missing = rules.left_out(CATALOGUE[name])
    assert missing
    assert rules.reading(CATALOGUE[name]) == f"{CATALOGUE[name].reading} Left out: {missing}"
    together = {name, "data_limit", *CATALOGUE[name].beside}  # some rules have nothing to act on alone
    own = " ".join(caveats.caveats(asked(f"policy=[{','.join(sorted(together))}]")))
    assert missing in own
    for other in set(CATALOGUE) - together:
        assert rules.left_out(CATALOGUE[other]) not in own


def test_caveats_and_meanings_do_not_need_docstrings():
    """`python -OO` removes docstrings; what results print of a rule must stay."""
    script = (
        "import json; from experiments.catalogue import rules; from experiments.results import caveats\n"
        "from experiments.request import build, parameters\n"
        "from sim.policy.catalogue import CATALOGUE\n"
        "kind = CATALOGUE['minimum_pay']\n"
        "assert kind.__doc__ is None\n"
        "request = build.ask(['platforms=fixed', 'population=town', 'policy=opinions_2021_core'])\n"
        "print(json.dumps({'caveats': caveats.caveats(request), "
        "'readings': [rules.reading(k) for k in CATALOGUE.values()],"
        " 'basis': parameters.parameter('policy.minimum_pay.basis').meaning}))"
    )
    done = subprocess.run([sys.executable, "-OO", "-c", script], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    left_out = [words for words in found["caveats"] if words.startswith("Left out of ")]
    assert left_out == [f"Left out of {uncapital(kind.title)}: {kind.left_out}" for kind in CATALOGUE.values()]
    assert found["readings"] == [rules.reading(kind) for kind in CATALOGUE.values()]
    assert found["basis"] == CATALOGUE["minimum_pay"].meanings["basis"]


def test_every_parameter_that_is_no_number_says_what_it_means():
    for name, kind in CATALOGUE.items():
        words = {key for key, (_, note) in kind.parameters().items() if note is None}
        said = [parameters.parameter(f"policy.{name}.{key}") for key in words]
        assert set(kind.meanings) <= words | set(AbstractInstrument.meanings)
        assert all(re.fullmatch(r"[a-z].+[^.]", one.meaning) for one in said)
        assert not [one.key for one in said if one.meaning == uncapital(one.label)]


def test_a_yes_or_no_is_listed_with_its_meaning(capsys: pytest.CaptureFixture[str]):
    cli.main(["list", "instruments", "commission_cap"])
    assert "whether only independents are protected, not chains; yes or no" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "rations"),
    [
        (["policy=minimum_pay"], True),
        (["policy=minimum_pay", "policy.minimum_pay.basis=engaged"], False),
        (["policy=minimum_pay", "policy.minimum_pay.may_ration=false"], False),
        (["policy=minimum_pay", "policy.minimum_pay.is_on=false"], False),
        (["policy=[commission_cap]"], False),
        (["policy=[commission_cap],[commission_cap,minimum_pay]"], True),
    ],
)
def test_platforms_ration_only_where_a_guarantee_lets_them(words: list[str], rations: bool):
    conduct = caveats.caveats(asked(*words))[0]
    assert conduct.startswith("Platforms keep their fees, piece rates and ranking")
    assert (caveats.RATIONING in conduct) == rations


def test_parameters_that_are_words_have_their_choices_and_meaning():
    (pay,) = records.rules(asked("policy=minimum_pay", "policy.minimum_pay.phase_in_weeks=4"))
    assert pay["parameters"]["basis"]["unit"] == "online or engaged"
    assert pay["parameters"]["basis"]["meaning"].startswith("hours that count: online")
    assert pay["parameters"]["may_ration"]["unit"] == "yes or no"
    assert (pay["phase_in_weeks"], pay["end_week"], pay["is_on"]) == (4, None, True)


def test_rules_of_a_sweep_are_those_of_all_points_with_all_values_swept():
    assert [rule["name"] for rule in records.rules(asked(EACH))] == [
        "commission_cap",
        "data_limit",
        "interoperability",
    ]
    (cap,) = records.rules(asked("policy=commission_cap", "policy.commission_cap.ceiling=0.12,0.08"))
    assert cap["parameters"]["ceiling"]["value"] == "0.12, 0.08"


def test_a_sweep_over_policies_keeps_levels_and_names_rules(
    outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]
):
    cli.main(["sweep", "policy=[commission_cap],[minimum_pay],[commission_cap,minimum_pay]", *tiny])
    said = capsys.readouterr().out
    assert "[commission_cap" not in said.split("Result:")[0]
    assert max(map(len, said.split("Result:")[0].splitlines())) <= 100
    (folder,) = (outputs / "sweep").iterdir()
    effects = pd.read_parquet(folder / "effects.parquet").query("metric != 'practice_unlicensed_supply'")
    assert list(effects["rules"].unique()) == ["Commission cap", "Minimum pay", "Commission cap and minimum pay"]
    assert (
        (effects["policy"] - effects["baseline"] - effects["effect"]).abs() < 1e-6 * effects["policy"].abs() + 1e-6
    ).all()
    record = json.loads((folder / "record.json").read_text())
    assert {rule["name"] for rule in record["instruments"]} == {"commission_cap", "minimum_pay"}
    assert (folder / "report.html").stat().st_size < 6_000_000


def test_a_sweep_over_words_makes_a_report(outputs: Path, tiny: list[str]):
    cli.main(["sweep", "policy=minimum_pay", "policy.minimum_pay.basis=online,engaged", *tiny])
    (folder,) = (outputs / "sweep").iterdir()
    assert (folder / "report.html").exists()


def test_levers_say_their_unit_once_in_money_of_the_country_and_their_role():
    sensitivity, elasticity = "sector.consumers.price_sensitivity", "sector.workers.supply_elasticity"
    request = asked(
        "policy=commission_cap", "design=one_at_a_time", f"{sensitivity}=declared", f"{elasticity}=declared"
    )
    units = {lever["title"]: (lever["unit"], lever["role"]) for lever in labels.levers(request)}
    assert units == {"Price sensitivity": ("1/yuan", "uncertainty"), "Supply elasticity": ("", "uncertainty")}


def test_labels_say_values_drawn_by_a_design_in_three_digits():
    words = "policy=commission_cap", "design=latin_hypercube", "design.n_points=5"
    request = asked(*words, "policy.commission_cap.ceiling=interval(0.05,0.12)")
    assert all(len(label.removeprefix("ceiling ").rstrip("%")) <= 4 for label in labels.labels(request))
    chosen = asked("policy=commission_cap", "policy.commission_cap.ceiling=0.05875,0.08")
    assert labels.labels(chosen) == ["ceiling 5.875%", "ceiling 8%"]


def test_the_record_holds_design_and_outcomes(outputs: Path, tiny: list[str]):
    swept = "policy.commission_cap.ceiling=0.06,0.1"
    cli.main(["sweep", "policy=commission_cap", swept, "outcomes=[consumer_price,platform_profit]", "name=one", *tiny])
    cli.main(["sweep", "policy=commission_cap", swept, "name=two", *tiny])
    found = {
        path.parent.name.split("-")[0]: json.loads(path.read_text()) for path in outputs.glob("sweep/*/record.json")
    }
    assert found["one"]["outcomes"] == ["consumer_price", "platform_profit"]
    assert found["two"]["outcomes"] == list(MONEY.values())
    assert found["one"]["design"]["kind"] == "grid"
