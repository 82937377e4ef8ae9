"""Write the regimes of the Opinions anew after a rule was added: `python -m tests.health.renew_regimes`.

`configs/policy/article_01.yaml` to `article_11.yaml` hold the rules of the catalogue whose first provision is of that
article, `opinions_2021_core.yaml` holds them all. Their comments stay as they are.
"""

from __future__ import annotations

from pathlib import Path

from experiments.catalogue.instruments import article_of
from experiments.request import folders
from sim.policy.catalogue import CATALOGUE

WHOLE = "opinions_2021_core"
ARTICLES = [f"article_{number:02d}" for number in range(1, 12)]


def file_of(regime: str) -> Path:
    return folders.config_folder() / "policy" / f"{regime}.yaml"


def own(regime: str) -> list[str]:
    """Rules of an article, in the order of the catalogue."""
    return [name for name, kind in CATALOGUE.items() if article_of(kind) == f"A{int(regime[-2:])}"]


def rules_of(regime: str) -> list[str]:
    """Rules that a regime holds: those of its article, or of all articles one after the other."""
    return [name for article in ARTICLES for name in own(article)] if regime == WHOLE else own(regime)


def text_of(regime: str) -> str:
    """What the file of a regime says: its comments of today, and its rules."""
    comments = [line for line in file_of(regime).read_text("utf-8").splitlines() if line.startswith("#")]
    return "\n".join([*comments, *(f"{name}: {{}}" for name in rules_of(regime)), ""])


if __name__ == "__main__":
    for name in [*ARTICLES, WHOLE]:
        file_of(name).write_text(text_of(name), "utf-8")
