"""What a reader must know of a result: conduct of platforms, money that is not followed, what rules leave out."""

from __future__ import annotations

from analysis.wording.numbers import capital, listed, uncapital
from experiments.catalogue.rules import left_out
from experiments.request import strategies
from experiments.request.request import Request

CONDUCT = {
    "fixed": "Platforms keep their fees, piece rates and ranking as they are and stay in the market, whatever they "
    "lose: these are mechanical effects. A platform that answers back, by consumer fees or courier pay, would undo "
    "part of them.",
    "rule_of_thumb": "Platforms answer the rule by the consumer fee alone: they charge consumers what an order earns "
    "less than it did, whether or not that is best for them, and stay in the market. All else stays.",
    "gradient": "Platforms answer the rule by steps towards what pays, in commissions, consumer fees, riders' pay and "
    "whom they rank first, and stay in the market. What holds their levers where they are observed, and how fast the "
    "worth of an order falls as orders grow, is assumed, and with it how much of what the rule takes they win back.",
}


BLIND = "Platforms do as they would without the rules, which bind them all the same: these are mechanical effects."


OTHERS = "What changes if they choose otherwise ({others}) is said below."


RATIONING = "The one answer that platforms do give is to keep workers off line who would not earn the guarantee."


RATIONING_TOO = "They also keep workers off line who would not earn the guarantee."


GENERAL_CAVEATS = (
    "All parties together also takes off what owners spend to open businesses, which no party's own figure holds.",
    "Money the model does not follow: taxes, insurance, and what consumers spend outside the platforms.",
)


def caveats(request: Request) -> list[str]:
    """What a reader must know of platforms' conduct, of money that is not followed, and of what the rules leave out."""
    in_force = [rule for scenario in request.scenarios for rule in scenario.policy.values() if rule.is_on]
    rations = any(getattr(rule, "may_ration", False) and getattr(rule, "basis", "") == "online" for rule in in_force)
    conduct = _conduct(request, rations=rations)
    kinds = dict.fromkeys(type(rule) for rule in in_force)
    missing = [f"Left out of {uncapital(kind.title)}: {words}" for kind in kinds if (words := left_out(kind))]
    return [*conduct, *missing, *GENERAL_CAVEATS]


def _conduct(request: Request, *, rations: bool) -> list[str]:
    """What platforms do in this result: first under the strategy of the headline, then under every other one."""
    tried = [variant for scenario in request.scenarios for variant in strategies.variants(scenario, request)]
    found: dict[str, str] = {}
    for variant in tried:
        name = variant.platforms.strategy
        is_blind = variant.platforms.may_answer and not variant.platforms.sees_rules
        words = BLIND if is_blind else CONDUCT.get(name, "")
        if rations:
            words += f" {RATIONING_TOO if variant.platforms.answers_rules else RATIONING}"
        found.setdefault(name.replace("_", " "), words.strip())
    own, *others = found
    first = f"{found[own]} {OTHERS.format(others=listed(others, 'or'))}" if others else found[own]
    return [words for words in (first, *(f"{capital(name)}: {found[name]}" for name in others)) if words]
