"""The regime of an article holds exactly the rules of the catalogue that are its own, and all rules agree."""

from pathlib import Path

import pytest
import yaml

from experiments.request import build, folders, labels, policy_names
from sim.policy.catalogue import CATALOGUE
from tests.health.renew_regimes import ARTICLES, WHOLE, file_of, own, text_of


def held(regime: str) -> dict:
    return yaml.safe_load(file_of(regime).read_text("utf-8"))


def test_these_regimes_there_are():
    assert policy_names.regimes() == sorted([*ARTICLES, "none", WHOLE])
    assert held("none") == {}


@pytest.mark.parametrize("regime", ARTICLES)
def test_a_regime_holds_the_rules_of_its_article_in_the_order_of_the_catalogue(regime: str):
    assert list(held(regime)) == own(regime)


@pytest.mark.parametrize("regime", [*ARTICLES, WHOLE])
def test_a_regime_is_as_the_command_writes_it(regime: str):
    assert file_of(regime).read_text("utf-8") == text_of(regime), "run `python -m tests.health.renew_regimes`"


def test_the_core_is_all_articles_one_after_the_other():
    assert list(held(WHOLE)) == [name for regime in ARTICLES for name in held(regime)]
    assert set(held(WHOLE)) == set(CATALOGUE)


@pytest.mark.parametrize("regime", [*ARTICLES, WHOLE])
def test_a_regime_changes_no_number(regime: str):
    assert all(values == {} for values in held(regime).values())


@pytest.mark.parametrize("sector", folders.options("sector"))
def test_all_rules_at_once_can_be_law_at_their_defaults(sector: str):
    """Contradictions are refused when a request is built."""
    names = list(held(WHOLE))
    (scenario,) = build.ask([f"policy=[{','.join(names)}]", f"sector={sector}"]).scenarios
    assert list(scenario.policy) == names
    assert build.ask([f"policy={WHOLE}", f"sector={sector}"]).scenarios == [scenario]


def test_regimes_combine_with_each_other_with_rules_and_with_values():
    words = ["policy=[article_08,minimum_pay,article_01,commission_cap]", "policy.commission_cap.ceiling=0.1"]
    (scenario,) = build.ask(words).scenarios
    assert list(scenario.policy) == [*own("article_08"), "minimum_pay", *own("article_01")]
    assert scenario.policy["commission_cap"].ceiling == 0.1
    assert not build.ask(["policy=none"]).scenarios[0].policy


def test_a_regime_is_called_by_its_article_and_its_rules_are_counted_not_listed():
    request = build.ask(["policy=[article_08],[article_08,minimum_pay],[commission_cap]", "population=town"])
    assert labels.labels(request) == ["Article 8", "Article 8 and minimum pay", "Commission cap"]
    assert labels.policies_in_full(request)["Article 8"].startswith("Article 8 (")
    one = build.ask(["policy=article_06", "population=town"])
    assert labels.default_name(one) == "article_06-town"
    assert labels.default_title(one).startswith("Article 6 (data and algorithms): ")
    assert "its three rules" in labels.default_question(one)


def test_a_regime_of_ones_own_is_a_file_without_header(tmp_path: Path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/my_reform.yaml").write_text("minimum_pay: {floor: 20.0}\ndata_limit: {}\n", "utf-8")
    (scenario,) = build.ask(["policy=[my_reform,minimum_pay]"], tmp_path).scenarios
    assert list(scenario.policy) == ["minimum_pay", "data_limit"]
    assert scenario.policy["minimum_pay"].floor == 20.0
    assert "my_reform" in policy_names.regimes(tmp_path)
