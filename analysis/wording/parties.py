"""What parties are called: on an axis, in a sentence, with a verb."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.wording.numbers import listed


def party_title(party: str) -> str:
    """A party on an axis."""
    return {"state": "State", "owners": "Opening of businesses", "welfare": "Total welfare"}.get(
        party, party.capitalize()
    )


def party_name(party: str) -> str:
    """A party inside a sentence."""
    return {"state": "the state", "owners": "the opening of businesses", "welfare": "total welfare"}.get(party, party)


def agree(parties: Sequence[str], verb: str) -> str:
    """`the state gains`, `merchants gain`, `merchants and the state gain`."""
    s = "s" if list(parties) in (["state"], ["owners"], ["welfare"]) else ""
    return f"{listed([party_name(p) for p in parties])} {verb}{s}"
