"""Payments: who pays whom is taken from the ledger, nothing is lost by gathering, and ribbons are true."""

import json
import math

import numpy as np
import pytest

from analysis.figures import theme
from analysis.figures.cash_flows import cash_flows
from analysis.statistics import estimates as est
from analysis.wording import payments
from sim.ledger.accounts import Account, Party
from tests.analysis._payments import PAID, payments_frame, with_payments
from tests.analysis._results import compare_doses, effects_frame

FOUND = payments.payments(payments_frame())


def of(what: str) -> payments.Payment:
    (one,) = (p for p in FOUND if p.what == what)
    return one


def test_payer_and_payee_come_from_the_ledger_and_holders_are_put_together():
    commission = of(Account.COMMISSION.what)
    assert (commission.payer, commission.payee) == ("merchants", "platforms")
    assert (of(Account.TAXES.what).payee, of(Account.STAFF.what).payer) == ("state", "state")
    assert of(Account.OWNERS_OUT.what).payee == of(Account.FIXED_COSTS.what).payee == "others"
    assert {payments.SIDE_OF.get(party, payments.OTHERS) for party in Party} == set(payments.SIDES)


def test_what_stays_within_a_side_or_never_moves_is_left_out():
    shown = {p.what for p in FOUND}
    assert not shown & {a.what for a in (Account.APPROPRIATIONS, Account.ACCESS_CHARGES, Account.LICENCES)}
    assert len(FOUND) == len(PAID) - 3


def test_less_than_nothing_goes_the_other_way():
    turned = of(Account.SURCHARGES_GIVEN_UP.what)
    assert (turned.payer, turned.payee) == ("consumers", "platforms")
    e = turned.change
    assert (e.baseline, e.policy, e.effect, e.low, e.high) == (40.0, 42.0, 2.0, 1.0, 3.0)
    assert e.sign == 1


@pytest.mark.parametrize("n_drawn", [1, 3, 6, 50])
def test_gathering_loses_no_money_and_claims_no_interval(n_drawn: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(payments, "LEAST", 0.0)
    drawn = payments.gathered(FOUND, n_drawn)
    for side in ("baseline", "policy", "effect"):
        whole = sum(getattr(p.change, side) for p in FOUND)
        assert sum(getattr(p.change, side) for p in drawn) == pytest.approx(whole)
    assert all(math.isnan(p.change.low) == (p.what == payments.GATHERED) for p in drawn)
    assert payments.largest_change(FOUND) in drawn, "what the title names is drawn by itself"
    assert len(drawn) <= len(FOUND)


def test_the_title_names_the_largest_change_that_can_be_told_from_zero():
    said = payments.title(FOUND).replace("\u00a0", " ").replace("\u202f", " ")
    assert said == (
        "Commission on carried orders: merchants pay platforms 700 [636, 764] yuan per 1 000 consumers a week less, "
        "the largest change of a payment"
    )
    silent = payments.payments(payments_frame(factor=100.0))
    kept = [p for p in silent if p.change.low != p.change.high]
    assert payments.title(kept).startswith("No payment between parties changes")


def ribbons(figure) -> list[tuple[float, float]]:
    """Where each ribbon begins, and its height."""
    found = []
    for trace in figure.data:
        y, n = np.array(trace.y), len(trace.y) // 2
        assert np.allclose(y[n:][::-1] - y[:n], y[-1] - y[0], atol=0.11), "as high everywhere"
        found.append((float(trace.x[0]), float(y[-1] - y[0])))
    return found


@pytest.mark.parametrize("narrow", [False, True])
def test_ribbons_are_as_high_as_what_is_paid_on_one_scale(narrow: bool):
    figure = cash_flows(payments_frame(), narrow=narrow)
    drawn = payments.gathered(FOUND)
    heights = [height for _, height in ribbons(figure)]
    paid = [p.change.baseline for p in drawn] + [p.change.policy for p in drawn]
    scale = max(heights) / max(paid)
    for height, amount in zip(heights, paid, strict=True):
        assert height == pytest.approx(max(amount * scale, 1.0), abs=0.25)
    assert len({x for x, _ in ribbons(figure)}) == (1 if narrow else 2), "beside one another, when narrow below"


def test_ribbons_have_the_payers_colour_and_are_pale_where_nothing_is_told():
    figure = cash_flows(payments_frame())
    drawn = payments.gathered(FOUND)
    for p, trace in zip(drawn, figure.data, strict=False):
        colour = theme.MUTED if p.payer == "others" else theme.colour(p.payer)
        assert trace.fillcolor.startswith(theme.faded(colour, 0.0).rpartition(",")[0])
        opacity = float(trace.fillcolor.rstrip(")").rpartition(",")[2])
        assert (opacity > 0.5) == bool(p.change.sign), p.what


def test_words_of_others_become_no_markup():
    evil = '"><img src=x onerror=alert(1)><script>'
    figure = cash_flows(payments_frame(unit=evil), baseline_label=evil)
    text = json.dumps(figure.to_plotly_json()["layout"]["annotations"]) + json.dumps([t.text for t in figure.data])
    assert "<img" not in text
    assert "<script" not in text
    assert "&lt;img" in text


def test_payments_are_neither_measures_nor_in_the_table_of_all_estimates():
    effects = with_payments(effects_frame(compare_doses()))
    assert set(est.flows(effects)["metric"]) == set(payments_frame()["metric"])
    for frame in (est.measures(effects), est.tabled(effects), est.key_measures(effects), est.money(effects)):
        assert not frame["metric"].str.startswith("flow_").any()
    assert len(est.tabled(effects)) + len(est.flows(effects)) == len(effects)


def test_without_payments_there_is_no_figure():
    with pytest.raises(ValueError, match="no payments"):
        cash_flows(effects_frame(compare_doses()))
