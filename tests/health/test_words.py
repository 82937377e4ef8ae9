"""Plain words: the field's standard terms, and none of the private ones that they replaced.

Prose (documents, docstrings, comments, strings, configuration) and names in code are held to separate lists, since a
word may be plain in a sentence and opaque as a name. History is left as it was written: decisions and CHANGELOG.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator

from experiments.storage.earlier import EARLIER
from sim.renamed import RENAMED
from tests.health._tree import ROOT, kept_files, name_of

FSTRING = getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)

PROSE = {
    r"\baverages\b": "mean-field model",
    r"\btwins?\b": "mean-field model, or reference implementation (of a kernel)",
    r"\b(?:at rest|rest points?|com(?:es?|ing) to rest|came to rest|finds? no rest|in some seconds)\b": (
        "steady state (of a market), equilibrium (of decision variables), converges"
    ),
    r"\bwish(?:es|ed|ing)?\b": "desired; options",
    r"\b(?:told|tell|tells|telling) (?:apart )?from zero\b": "statistically distinguishable from zero",
    r"\btold apart\b": "distinguished",
    r"\ball (?:parties )?together\b": "total welfare",
    r"\bminds?\b": "decision model",
    r"\ballure\b": "misperceived value",
    r"\bdepartures?\b": "effect of ending a practice",
    r"\b(?:all|no) looks\b|\blooks (?:a (?:year|week)|at (?:a breach|what))\b": "inspections",
    r"\bun?luck\w*|\blucky\b": "random shocks, random draws, chance",
    r"\b(?:by|the) lot\b|\blots\b": "random draw",
    r"\b(?:a|one|single|of) li(?:fe|ves)\b": "trajectory (of an agent)",
    r"\bfaces?\b": "agent view",
    r"\bmechanical(?:ly)?\b|\b(?:the )?rule by itself\b|\bthe rule’s own part\b": "direct effect",
    r"\bstiff(?:ness)?\b": "adjustment cost",
    r"\b(?:locked out|kept off|barred)\b": "rationed, excluded",
    r"\bon line\b": "online",
    r"\bmisfits?\b": "conflicts",
    r"\bbreach(?:es)?(?: \w+)? alive\b|\balive are\b": "breaches in force",
    r"\blooks at a breach miss\b": "inspections that miss a breach",
}
"""What no sentence holds, and what to write instead."""
NAMES = {
    "twin": "mean_field",
    "twins": "mean_field",
    "wish": "options",
    "wished": "desired",
    "mind": "decision_model",
    "worth": "utility, value",
    "allure": "misperceived_value",
    "departure": "practice_effect",
    "departures": "practice_effects",
    "matter": "infringement",
    "matters": "infringements",
    "luck": "shock, draw",
    "lot": "draw",
    "life": "trajectory",
    "lives": "trajectories",
    "face": "view",
    "faces": "views",
    "ruled": "with_policy",
    "mechanical": "direct",
    "stiffness": "adjustment_cost",
    "locked": "rationed",
    "barred": "excluded",
    "meal": "goods",
    "meals": "goods",
    "misfit": "conflict",
    "misfits": "conflicts",
    "said": "text",
    "reach": "visibility, coverage, status",
    "averages": "mean_field",
}
"""Parts of names in code, and what to write instead."""
SPELT = {"on_line": "online", "kept_off": "rationed, excluded", "locked_out": "rationed"}
"""Names of several words that are private as a whole."""
ALLOWED_NAMES = {"half_life", "consumer_reach", "worker_reach"}
"""`half_life` is the field's term; an app's reach is the share of people who have it."""
HISTORY = (
    "CHANGELOG.md",
    "sim/renamed.py",
    "experiments/storage/earlier.py",
    "docs/decisions/",
    "tests/",
    "benchmarks/",
    "LICENSE",
    "requirements/",
)
SUFFIXES = {".py", ".md", ".yaml", ".toml", ".j2", ".js", ".css"}


def _texts() -> list[str]:
    names = [name_of(path) for path in kept_files() if path.suffix in SUFFIXES]
    return [name for name in names if not name.startswith(HISTORY)]


def _prose_of(name: str) -> Iterator[tuple[int, str]]:
    """Lines of prose, of Python only comments and strings, without what stands in backticks."""
    text = (ROOT / name).read_text("utf-8")
    if not name.endswith(".py"):
        yield from enumerate(re.sub(r"`[^`\n]*`", "``", text).splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING, FSTRING):
            for offset, line in enumerate(re.sub(r"`[^`\n]*`", "``", token.string).splitlines()):
                yield token.start[0] + offset, line


def faults_of_sentences(name: str) -> list[str]:
    """Every sentence of a file that holds a private word, and what to write instead."""
    return [
        f"{name}:{line}: {match[0]!r}: write {instead}"
        for line, text in _prose_of(name)
        for pattern, instead in PROSE.items()
        if (match := re.search(pattern, text, re.IGNORECASE))
    ]


def faults_of_names(name: str) -> list[str]:
    """Every name in a file's code that is a private word, and what to write instead."""
    found = {}
    for token in tokenize.generate_tokens(io.StringIO((ROOT / name).read_text("utf-8")).readline):
        if token.type == tokenize.NAME and token.string.lower() not in ALLOWED_NAMES:
            for whole, instead in SPELT.items():
                if whole in token.string.lower():
                    found.setdefault(token.string, f"{name}:{token.start[0]}: {token.string}: write {instead}")
            for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", token.string):
                if part.lower() in NAMES:
                    found.setdefault(
                        token.string, f"{name}:{token.start[0]}: {token.string}: write {NAMES[part.lower()]}"
                    )
    return list(found.values())


def test_sentences_are_plain() -> None:
    found = [fault for name in _texts() for fault in faults_of_sentences(name)]
    assert not found, "\n".join(found)


def test_documents_name_nothing_by_an_earlier_name() -> None:
    """What stands in backticks is a key, a column or a measure that a reader will type."""
    earlier = RENAMED | {
        old: new for columns in EARLIER.values() for names in columns.values() for old, new in names.items()
    }
    found = [
        f"{name}: `{old}` is called {new}"
        for name in _texts()
        if name.endswith((".md", ".py"))
        for old, new in earlier.items()
        if f"`{old}`" in (ROOT / name).read_text("utf-8")
    ]
    assert not found, "\n".join(found)


def test_names_are_plain() -> None:
    found = [fault for name in _texts() if name.endswith(".py") for fault in faults_of_names(name)]
    assert not found, "\n".join(found)


if __name__ == "__main__":  # python -m tests.health.test_words [FOLDER OR FILE ...]
    wanted = tuple(sys.argv[1:]) or ("",)
    for kept in _texts():
        if kept.startswith(wanted):
            print(
                *faults_of_sentences(kept), *(faults_of_names(kept) if kept.endswith(".py") else ()), sep="\n", end=""
            )
