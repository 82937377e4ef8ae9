"""`platform-lab list provisions` and `list instruments`: what is asked for is shown, what cannot be is refused."""

from __future__ import annotations

import pytest
import yaml

from experiments import cli
from experiments.catalogue.instruments import basis_of
from experiments.catalogue.provisions import page
from experiments.terminal.tables import WIDTH
from sim.errors import RefusedScenario
from sim.parameters import Param
from sim.policy.catalogue import CATALOGUE
from sim.policy.law import reading

ENTRY = {"id": "A4.2", "article": 4, "asks": "Pursue somebody.", "instruments": ["commission_cap"]}
LAW = {"articles": {4: "Conduct"}, "measures": {"I01": "Fines"}, "map": {"I01": "not_yet"}}


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    cli.main(["list", *words])
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["list", *words])
    assert stopped.value.code == 2
    return capsys.readouterr().err


def entry_with(**changes: object) -> str:
    entry = {key: value for key, value in (ENTRY | changes).items() if value is not None}
    return yaml.safe_dump(LAW | {"provisions": [entry]})


def test_a_map_is_read_into_frozen_values():
    law = reading.read(entry_with())
    assert law.articles == {"4": "Conduct"}
    assert law.of_instrument("commission_cap") == law.of_article("4") == list(law.provisions)
    assert law.provisions[0].status == "instruments"
    with pytest.raises(AttributeError):
        law.provisions[0].asks = "Something else."  # pyright: ignore


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"instrument": ["commission_cap"]}, "write `instruments`"),
        ({"not_yet": "A cartel."}, "it has instruments and not_yet"),
        ({"instruments": None}, "it has none of them"),
        ({"instruments": []}, "it has none of them"),
        ({"asks": None}, "a value is missing"),
        ({"article": "Q"}, "article"),
        ({"instruments": "commission_cap"}, "instruments"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_by_name(changes: dict[str, object], words: str):
    with pytest.raises(RefusedScenario) as refusal:
        reading.read(entry_with(**changes))
    assert words in str(refusal.value)
    assert "A4.2" in str(refusal.value)


def test_an_unknown_part_of_the_map_is_refused():
    with pytest.raises(RefusedScenario, match="write `measures`"):
        reading.read(yaml.safe_dump(LAW | {"measure": {}}))


@pytest.mark.parametrize("words", [(), ("A4",), ("A8.6", "A10.8"), ("commission_cap",), ("P", "S")])
def test_provisions_fit_a_hundred_columns(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    assert max(map(len, said(capsys, "provisions", *words).splitlines())) <= WIDTH


def test_all_provisions_are_shown_and_counted(capsys: pytest.CaptureFixture[str]):
    whole = said(capsys, "provisions")
    assert all(f"  {provision.id}: " in whole for provision in reading.law().provisions)
    assert "115 provisions: " in whole


def test_an_article_a_provision_or_a_rule_can_be_asked_for(capsys: pytest.CaptureFixture[str]):
    article = said(capsys, "provisions", "A8")
    assert "A8.1: " in article
    assert "A8.10: " in article
    assert "A9.1: " not in article
    one = said(capsys, "provisions", "A8.6")
    assert "A8.6: " in one
    assert "commission_cap: Commission cap (Bound; market_regulation)" in one
    assert "merchant_profit +" in one
    assert "A8.7" not in one
    rule = said(capsys, "provisions", "data_limit")
    found = [line.strip().partition(":")[0] for line in rule.splitlines() if line.startswith("  A")]
    assert set(found) == set(CATALOGUE["data_limit"].provisions)
    assert found == sorted(found), "in the order of the text"


def test_the_page_is_written_whole_or_not_at_all(capsys: pytest.CaptureFixture[str]):
    assert said(capsys, "provisions", "--markdown") == page()
    assert "the page holds all provisions" in refused(capsys, "provisions", "A4", "--markdown")
    assert "leave out --markdown" in refused(capsys, "metrics", "--markdown")


def test_the_table_of_rules_has_a_line_each_and_says_how_to_see_more(capsys: pytest.CaptureFixture[str]):
    lines = said(capsys, "instruments").splitlines()
    for name, kind in CATALOGUE.items():
        (line,) = (line for line in lines if line.startswith(f"{name} "))
        assert line.endswith(kind.title)
        number = kind.provisions[0].partition(".")[0]
        assert line.split()[1:5] == [number, kind.kind, str(kind.department), str(len(kind.parameters()))]
    assert any("platform-lab list instruments NAME" in line for line in lines)


def test_rules_can_be_asked_for_by_name_and_by_article_once(capsys: pytest.CaptureFixture[str]):
    shown = said(capsys, "instruments", "minimum_pay", "A8", "A10")
    assert shown.count("minimum_pay: Minimum pay") == 1
    assert shown.index("minimum_pay: Minimum pay") < shown.index("commission_cap: Commission cap")
    assert "data_limit" not in shown
    assert "basis: law (" in shown
    assert "basis: policy lever (in force: 0.15" in shown


@pytest.mark.parametrize(
    ("words", "todo"),
    [
        (("instruments", "comission_cap"), "write `commission_cap`"),
        (("instruments", "A88"), "write `A8`"),
        (("provisions", "comission_cap"), "write `commission_cap`"),
        (("provisions", "A8.61"), "write `A8.6`"),
        (("provision",), "write `provisions`"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest_spelling(
    words: tuple[str, ...], todo: str, capsys: pytest.CaptureFixture[str]
):
    assert todo in refused(capsys, *words)


@pytest.mark.parametrize(
    ("source", "basis"),
    [
        ("law: 0.15 in New York", ("law", "0.15 in New York")),
        ("data: 5,027 users", ("data", "5,027 users")),
        ("policy lever", ("policy lever", "")),
        ("policy lever; 1 is today's", ("policy lever", "1 is today's")),
        ("assumption I-07: a tenth", ("assumption I-07", "a tenth")),
        ("assumption: a tenth", ("", "assumption: a tenth")),
        ("law", ("", "law")),
        ("lawful", ("", "lawful")),
        ("policy levers", ("", "policy levers")),
        ("sector file", ("", "sector file")),
    ],
)
def test_the_beginning_of_a_source_says_what_a_number_rests_on(source: str, basis: tuple[str, str]):
    assert basis_of(Param("a number", "share", 0.0, 1.0, source)) == basis


def test_a_choice_of_words_is_a_policy_lever():
    assert basis_of(None) == ("policy lever", "")
