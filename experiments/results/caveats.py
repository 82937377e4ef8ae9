"""What a reader must know of a result: conduct of platforms, money that is not followed, what rules leave out."""

from __future__ import annotations

from analysis.wording.numbers import capital, listed, uncapital
from experiments.catalogue.rules import left_out
from experiments.request import strategies
from experiments.request.request import Request

CONDUCT = {
    "fixed": "Platforms keep their fees, piece rates and ranking as they are and stay in the market, whatever they "
    "lose: these are direct effects. A platform that responds, by consumer fees or workers' pay, would undo part of "
    "them.",
    "rule_of_thumb": "Platforms respond to the rule by the consumer fee alone: they add to it what an order earns less "
    "than before, whether or not that is best for them, and stay in the market. Nothing else changes.",
    "gradient": "Platforms respond to the rule by steps towards higher profit, in commissions, consumer fees, workers' "
    "pay and ranking, and stay in the market. The cost of moving these decision variables from their observed values, "
    "and how fast the value of an order falls as orders grow, are assumed, and with them how much of what the rule "
    "takes platforms win back.",
}


BLIND = "Platforms set what they would set without the rules, which still bind them: these are direct effects."


OTHERS = "Results under other strategies of platforms ({others}) follow below."


RATIONING = "Their only response is to ration hours online: they keep workers offline who would not earn the guarantee."


RATIONING_TOO = "They also ration hours online: they keep workers offline who would not earn the guarantee."


GENERAL_CAVEATS = (
    "What owners spend to open businesses is in no party's own figure; it is a row of its own, and in total welfare.",
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
