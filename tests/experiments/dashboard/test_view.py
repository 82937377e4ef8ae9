"""What a browser may say: only names that can be chosen and numbers within their ranges come through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.dashboard import questions
from experiments.dashboard.levers import YES, Lever, Misread, lever, levers_of
from experiments.dashboard.view import View, read
from sim.policy.catalogue import CATALOGUE

ALL = [one for name in CATALOGUE for one in levers_of(name)]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.key)
def test_a_lever_shows_its_usual_value_and_takes_it_back(one: Lever) -> None:
    assert one.taken(one.shown(one.usual)) == one.usual
    assert one.read(one.text(one.usual)) == one.usual
    assert one.basis
    if one.is_number:
        assert one.low <= one.usual <= one.most_shown <= one.high
        n_steps = (one.most_shown - one.low) * one.factor / one.step
        assert one.is_whole or 40 <= n_steps <= 101


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.key)
def test_a_lever_refuses_what_lies_outside_its_range_in_words(one: Lever) -> None:
    wrong = ["nan", "inf", "-1e9", "1e99", "", "abc", "../../etc/passwd", "${oc.env:HOME}"]
    for text in wrong:
        with pytest.raises(Misread, match=r"allowed|none of"):
            one.read(text)


def test_shares_are_shown_in_per_cents() -> None:
    ceiling = lever("commission_cap.ceiling")
    assert ceiling is not None
    assert (ceiling.shown(0.08), ceiling.taken(7), ceiling.suffix) == (8, 0.07, "% of goods value")
    only = lever("commission_cap.independents_only")
    assert only is not None
    assert (only.shown(True), only.taken(YES), only.text(False)) == ("yes", True, "false")


def test_an_address_and_a_view_say_the_same() -> None:
    view, faults = read(
        "?sector=us_food_delivery&policy=minimum_pay,commission_cap&commission_cap.ceiling=0.12&replicates=4"
    )
    assert not faults
    assert view.policy == ("commission_cap", "minimum_pay"), "rules stand in the order of the law"
    assert view.values == {"commission_cap.ceiling": 0.12}
    assert read(view.query) == (view, [])
    assert "policy.commission_cap.ceiling=0.12" in view.words


@given(st.dictionaries(st.sampled_from([one.key for one in ALL if one.is_number]), st.floats(0, 1), max_size=5))
def test_every_view_survives_its_address(places: dict[str, float]) -> None:
    view = View().with_rules(tuple(key.partition(".")[0] for key in places))
    for key, place in places.items():
        one = lever(key)
        assert one is not None
        value = one.low + place * (one.high - one.low)
        view = view.with_value(one, round(value) if one.is_whole else float(f"{value:.9g}"))
    assert read(view.query) == (view, [])


@given(st.text(max_size=80))
def test_no_address_breaks_anything(text: str) -> None:
    view, _ = read(text)
    for word in view.words:
        assert word.isascii()
        assert not word.startswith("-")
        assert not set(word) & set("${}()'\"\\ ;|&\n")


def test_what_is_not_allowed_is_named_and_left_as_usual() -> None:
    said = (
        "sector=/etc/passwd&population=megacity&policy=commission_cap,rm&commission_cap.ceiling=7&replicates=-3&x.y=1"
    )
    view, faults = read(said)
    assert view == View()
    assert len(faults) == 6
    assert any("town, city" in fault for fault in faults)
    assert any("0 to 100" in fault for fault in faults)


def test_a_rule_taken_away_takes_its_values_with_it() -> None:
    ceiling = lever("commission_cap.ceiling")
    assert ceiling is not None
    view = View().with_value(ceiling, 0.05)
    assert view.with_rules(("minimum_pay",)).values == {}
    assert view.with_rules(("minimum_pay", "commission_cap")).values == {"commission_cap.ceiling": 0.05}
    assert view.with_value(ceiling, ceiling.usual) == View()


def test_the_words_of_a_view_ask_what_the_command_line_asks() -> None:
    view, _ = read("policy=minimum_pay&minimum_pay.basis=engaged&minimum_pay.floor=30&minimum_pay.may_ration=false")
    rule = questions.ask(view.words).scenarios[0].policy["minimum_pay"]
    assert (rule.basis, rule.floor, rule.may_ration) == ("engaged", 30.0, False)  # pyright: ignore
