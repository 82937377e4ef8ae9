"""Cases of the suite `evidence` on dominance, clauses on prices, and data."""

from __future__ import annotations

from experiments.validation.case import Case, Target
from experiments.validation.published import change

SAMR = "SAMR's decision on Meituan, October 2021, and Meituan's results for 2020"
PARITY = (
    "EU hotels, review of studies (secondary): wide to narrow clauses -1.5% and one point of occupancy, bans 0 to -4%"
)
OPT_IN = "Apple's opt-in to tracking, 2021: trackable traffic in the United States from 73.05 to 22.15% (EMAC 2023)"
SMALL_FIRMS = "the same opt-in: revenue of small firms that depend on targeting, down by up to 37% (idw 863618)"

CERTAIN = [
    "policy=antitrust_fine",
    "sector.enforcement.detection=1.0",
    "sector.enforcement.false_alarm=0.0",
    "horizon.n_weeks=130",
    "horizon.policy_week=79",
]
"""Inspections prove every breach, so that the case is certain. Platforms expect the usual chance and go on at first."""
CHINA_2020 = Case(
    name="exclusivity_fine",
    question="R08: is the market of 2020 as concentrated as the decision found, and does a decision cost 3% of sales?",
    how="fine_of_leader",
    setting={"overrides": ["population=city", "platforms=gradient", *CERTAIN], "replicates": 4},
    quick={"overrides": ["population=town", "platforms=gradient", *CERTAIN], "replicates": 2},
    targets=(
        Target(
            "leader's share of revenue",
            67.7,
            73.7,
            SAMR,
            70.7,
            quick_band=(60.0, 82.0),
            note="fitted: the sector was calibrated to it",
        ),
        Target("HHI of revenue", 5554.0, 6154.0, SAMR, 5854.0, quick_band=(4800.0, 7200.0), note="implied"),
        Target("take rate", 12.1, 15.1, SAMR, 13.6, note="fitted to 13.7% (2021)"),
        Target(
            "operating margin",
            2.8,
            5.8,
            SAMR,
            4.3,
            quick_band=(1.0, 8.0),
            note="fitted to 5% (2020 and 2021); band as for the take rate",
        ),
        Target("fine of a decision", 2.9995, 3.0005, SAMR, 3.0, note="an identity, up to rounding"),
    ),
)


def _commissions(leader: float, others: float) -> list[str]:
    return [
        f"sector.platforms.{name}.commission.{tier}={rate}"
        for name, rate in (("leader", leader), ("runner_up", others), ("fringe", others))
        for tier in ("chain", "independent")
    ]


UNLIKE = _commissions(0.30, 0.15)
"""An expensive platform and cheap ones: the ends of what delivery apps and app stores charge, 30 and 15%."""
WIDE, NARROW = "sector.clauses.parity=wide", "sector.clauses.parity=narrow"
WEIGHED = "sector.clauses.direct_weight=1.0"
PARITY_TOWN = ["population=town", "platforms=fixed", "horizon.n_weeks=104", "horizon.policy_week=53"]


def _parity(name: str, words: str, commissions: list[str], *, is_judged: bool) -> Case:
    pairs = (("wide to none", "base", "wide"), ("wide to narrow", "narrow", "wide"))
    weighed = (("wide to none, direct sales weighted", "base", "wide weighted"),)
    sides = {"wide": [WIDE], "narrow": [NARROW], "wide weighted": [WIDE, WEIGHED], "none": []}
    measures = [
        change(f"{title}: {quantity}", "%", metric, "percent", "none" if side == "base" else side, against)
        for title, side, against in (*pairs, *weighed)
        for quantity, metric in (
            ("goods price", "merchant_price"),
            ("price paid", "consumer_price"),
            ("orders", "consumer_orders"),
        )
    ]
    alone = "prices on platforms; commissions are fixed: the model leaves out that clauses let platforms raise them"
    weight = "I-130 at the other end of its range: the direct price, which then falls, is not modelled"
    targets = (
        Target("wide to none: goods price", -4.0, -0.5, PARITY, note=alone),
        Target("wide to none, direct sales weighted: goods price", -4.0, -0.5, PARITY, note=weight, is_quick=False),
    )
    return Case(
        name=name,
        question=f"R20: {words}: do prices fall when a clause that forbids lower prices elsewhere ends?",
        how="paired",
        setting={
            "overrides": [*PARITY_TOWN, *commissions],
            "replicates": 8,
            "last_weeks": 26,
            "sides": sides,
            "measures": measures,
        },
        quick={"replicates": 2, "sides": {side: sides[side] for side in ("wide", "none")}, "measures": measures[:3]},
        targets=targets if is_judged else (),
        is_quick=is_judged,
    )


PARITY_CASES = (
    _parity("parity_clause", "platforms that charge merchants 30 and 15%", UNLIKE, is_judged=True),
    _parity("parity_clause_closer", "20 and 15%", _commissions(0.20, 0.15), is_judged=False),
    _parity("parity_clause_as_configured", "platforms with similar commissions", [], is_judged=False),
)

LIMIT = ["policy=data_limit", "policy.data_limit.ceiling=0.3032"]
"""22.15 of 73.05: the share of today's data of an order that remains."""
NOTHING = ["policy=data_limit", "policy.data_limit.ceiling=0.0"]
KEEN = ["sector.consumers.relevance_weight=0.5"]
OUTSIDE = "no advertising market: data add relevance only, and what they earn outside the market is left out"
TRACKING = Case(
    name="tracking_opt_in",
    question="R21: data fall as trackable traffic did, from 73 to 22%: what do platforms and small merchants lose?",
    how="paired",
    setting={
        "overrides": ["population=town", "platforms=fixed", "horizon.n_weeks=183", "horizon.policy_week=53"],
        "replicates": 8,
        "last_weeks": 26,
        "sides": {"limit": LIMIT, "nothing": NOTHING, "relevant": KEEN, "relevant limit": [*KEEN, *LIMIT]},
        "measures": [
            change("data collected", "%", "consumer_data_collected", "percent", "limit"),
            change("platforms' revenue", "%", "platform_revenue", "percent", "limit"),
            change("independents' sales", "%", "independent_sales", "percent", "limit"),
            change("orders", "%", "consumer_orders", "percent", "limit"),
            change("no data at all: platforms' revenue", "%", "platform_revenue", "percent", "nothing"),
            change("no data at all: independents' sales", "%", "independent_sales", "percent", "nothing"),
            change(
                "relevance weight 0.5: platforms' revenue",
                "%",
                "platform_revenue",
                "percent",
                "relevant limit",
                "relevant",
            ),
            change(
                "relevance weight 0.5: independents' sales",
                "%",
                "independent_sales",
                "percent",
                "relevant limit",
                "relevant",
            ),
        ],
    },
    quick={
        "overrides": ["population=town", "platforms=fixed", "horizon=one_year"],
        "replicates": 2,
        "sides": {"limit": LIMIT},
        "measures": [
            change("data collected", "%", "consumer_data_collected", "percent", "limit"),
            change("platforms' revenue", "%", "platform_revenue", "percent", "limit"),
            change("independents' sales", "%", "independent_sales", "percent", "limit"),
        ],
    },
    targets=(
        Target("data collected", -75.0, -65.0, OPT_IN, -69.7, note="set: the ceiling is 22.15 / 73.05 of today's data"),
        Target(
            "platforms' revenue", -30.0, -10.0, f"{OPT_IN}; publishers' advertising revenue -19.4%", -19.4, note=OUTSIDE
        ),
        Target("independents' sales", -45.0, -15.0, SMALL_FIRMS, -37.1, note=OUTSIDE),
    ),
)

CASES = (CHINA_2020, *PARITY_CASES, TRACKING)
