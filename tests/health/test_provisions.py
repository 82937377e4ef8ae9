"""The law and the rules name each other: nothing is missing, nothing is claimed twice, and the page is up to date."""

import re

import pytest

from experiments.catalogue.instruments import basis_of
from experiments.catalogue.provisions import page
from sim.policy.catalogue import CATALOGUE
from sim.policy.law.reading import ANSWERS, count, law
from tests.health._tree import ROOT

N_MEASURES = {"P": 3, "1": 8, "2": 10, "3": 10, "4": 14, "5": 14, "6": 17, "7": 6, "8": 10, "9": 8, "10": 13, "11": 1}
"""Measures in the text, article by article; the heading S.6 comes last."""
LONGEST = 25
"""Words of a summary: longer ones begin to retell the text."""

EVERY = pytest.mark.parametrize("provision", law().provisions, ids=lambda provision: provision.id)
RULES = pytest.mark.parametrize("name", CATALOGUE)
PARAMETERS = pytest.mark.parametrize(
    ("name", "parameter", "note"),
    [(name, key, note) for name, kind in CATALOGUE.items() for key, (_, note) in kind.parameters().items()],
)


def test_every_measure_of_the_text_has_its_place_once_and_in_order():
    numbered = [f"{'' if part == 'P' else 'A'}{part}.{n + 1}" for part, many in N_MEASURES.items() for n in range(many)]
    assert [provision.id for provision in law().provisions] == [*numbered, "S.6"]
    assert list(law().articles) == [*N_MEASURES, "S"]


@EVERY
def test_a_provision_has_one_article_one_summary_and_one_answer(provision):
    assert provision.part == provision.id.partition(".")[0].removeprefix("A")
    assert sum(bool(getattr(provision, name)) for name in ANSWERS) == 1
    for words in filter(None, (provision.asks, provision.not_yet, provision.left_out)):
        assert words == " ".join(words.split())
        assert re.fullmatch(r"[A-Z].*\.", words), f"{words!r} is no sentence"
        assert not set(words) & set("|<>*`[]"), f"{words!r} would not stand in a table"
    assert len(provision.asks.split()) <= LONGEST


def test_no_two_provisions_ask_the_same_in_our_words():
    asked = [provision.asks for provision in law().provisions]
    assert len(asked) == len(set(asked))


@EVERY
def test_a_provision_names_rules_that_exist_each_once(provision):
    assert len(set(provision.instruments)) == len(provision.instruments)
    assert not set(provision.instruments) - set(CATALOGUE)


@RULES
def test_a_rule_and_the_map_name_the_same_provisions(name):
    own = CATALOGUE[name].provisions
    assert len(set(own)) == len(own)
    assert set(own) == {provision.id for provision in law().of_instrument(name)}


@PARAMETERS
def test_every_parameter_says_what_it_rests_on(name, parameter, note):
    basis, _ = basis_of(note)
    assert basis, (
        f"{name}.{parameter}: the source must begin with `law: `, `data: `, `policy lever` or `assumption I-nn: `, "
        f"not {note.source!r}"
    )


def test_every_measure_of_the_plan_is_mapped_and_every_rule_belongs_to_one():
    numbers = [f"I{n:02d}" for n in range(1, 45)]
    assert list(law().map) == list(law().measures) == numbers
    named = [name for names in law().map.values() if names != "not_yet" for name in names]
    assert len(set(named)) == len(named)
    assert set(named) == set(law().instruments()) == set(CATALOGUE)


def test_the_page_is_what_the_command_writes():
    written = (ROOT / "docs" / "provisions.md").read_text("utf-8")
    assert written == page(), "renew it: platform-lab list provisions --markdown > docs/provisions.md"


def test_the_page_links_to_files_that_exist_and_counts_everything():
    links = re.findall(r"\]\(([^)]+)\)", page())
    assert links
    assert all((ROOT / "docs" / link).is_file() for link in links)
    total = count(list(law().provisions))
    assert sum(total.values()) == len(law().provisions) == 115
    assert f"| **All** | 115 | {' | '.join(str(total[status]) for status in ANSWERS)} |" in page()
