"""Provisions of the law on the terminal, and as the page docs/provisions.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.wording.numbers import MINUS, listed, uncapital
from experiments.catalogue.instruments import article_of
from experiments.terminal.tables import wrapped
from sim.errors import Problem, RefusedScenario
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import AbstractInstrument
from sim.policy.law.reading import ANSWERS, Provision, count, law
from sim.strict import nearest

MARKDOWN = "--markdown"
WORDS = {"instruments": "modelled", "not_yet": "not yet", "left_out": "left out"}


def list_provisions(words: list[str], extra: Path | None) -> None:
    """All provisions, those of an article, one, or those that a rule stands for."""
    if MARKDOWN in words:
        if words != [MARKDOWN]:
            raise RefusedScenario(
                [
                    Problem(
                        f"list provisions {' '.join(words)}",
                        "the page holds all provisions",
                        MARKDOWN,
                        f"platform-lab list provisions {MARKDOWN} > docs/provisions.md",
                    )
                ]
            )
        print(page(), end="")
        return
    whole, part = law(), ""
    found = chosen(words) if words else list(whole.provisions)
    for provision in found:
        if provision.part != part:
            part = provision.part
            print(
                f"{chr(10) if provision is not found[0] else ''}{_heading(part)} ({_counted(whole.of_article(part))})"
            )
        wrapped(f"{provision.id}: {provision.asks}", "  ")
        _answer(provision, in_full=bool(words))
    if not words:
        print(f"\n{len(found)} provisions: {_counted(found)}")
        print("platform-lab list provisions A4, A4.2 or NAME    describes an article, a provision or a rule in full")


def chosen(words: list[str]) -> list[Provision]:
    """Provisions by id, article (`A4`, `P`, `S`) or rule, in the order of the text; an unknown word is refused."""
    whole = law()
    known = {provision.id: [provision] for provision in whole.provisions}
    known |= {_short(part): whole.of_article(part) for part in whole.articles}
    known |= {name: whole.of_instrument(name) for name in (*whole.instruments(), *CATALOGUE)}
    problems = [
        Problem(
            f"list provisions {word}",
            "there is no such provision, article or rule",
            "A4 (an article), A4.2 (a provision), or a rule: " + ", ".join(CATALOGUE),
            nearest(word, list(known)),
        )
        for word in words
        if word not in known
    ]
    if problems:
        raise RefusedScenario(problems)
    wanted = {provision.id for word in words for provision in known[word]}
    return [provision for provision in whole.provisions if provision.id in wanted]


def _short(part: str) -> str:
    return f"A{part}" if part.isdecimal() else part


def _heading(part: str) -> str:
    title = law().articles[part]
    return f"Article {part}: {title}" if part.isdecimal() else title


def _counted(provisions: Iterable[Provision]) -> str:
    return listed([f"{n} {WORDS[status]}" for status, n in count(list(provisions)).items() if n])


def _answer(provision: Provision, *, in_full: bool) -> None:
    if not provision.instruments:
        wrapped(f"{WORDS[provision.status]}: {uncapital(getattr(provision, provision.status))}", "      ")
    elif not in_full:
        wrapped(", ".join(provision.instruments), "      ")
    for name in provision.instruments if in_full else ():
        kind = CATALOGUE.get(name)
        if kind is None:
            wrapped(f"{name} (not in the catalogue)", "      ")
            continue
        wrapped(f"{name}: {kind.title} ({kind.kind}; {kind.department})", "      ")
        wrapped(f"expects {', '.join(f'{e.metric} {e.sign}' for e in kind.expects)}", "        ")


HEAD = """\
# What the law asks, and what the laboratory models

This page follows the Opinions of 24 December 2021 on the platform economy (document NDRC 2021-1872), provision
by provision. A provision is one measure that the text asks for: A4.2 is the second measure of article 4 in the order of
the text. **What it asks** is a paraphrase and does not replace the text. A provision is

* **modelled** if a rule of the laboratory stands for it. Beside the rule stand its kind, the department that enforces
  it, and what it is expected to move: + up, − down. Tests check every rule against these signs. A rule is one reading
  of a provision; the rule's file, one click away, says what that reading leaves out;
* **not yet** modelled, with what the model would need for it;
* **left out**, with the reason why it lies outside the model.

Kinds: a *bound* limits what platforms do, a *duty* makes them do something, a *support* gives somebody money, traffic
or lower costs, a *structure* changes how the market or the state works.

The text used here stops at the heading of article 11; articles 12 to 19 are not in it and so not on this page.

On the terminal: `platform-lab list provisions A4`, `A4.2` or the name of a rule; `platform-lab list instruments` for
the rules' parameters. This page is made by `platform-lab list provisions --markdown` from
`sim/policy/law/opinions_2021.yaml` and the rules themselves; a test compares it with them.
"""


def page() -> str:
    """The page docs/provisions.md."""
    whole = law()
    parts = [HEAD, "## How many are modelled\n", _counts(), _unknown()]
    for part in whole.articles:
        rows = [(p.id, p.asks, _cell(p)) for p in whole.of_article(part)]
        parts += [f"## {_heading(part)}\n", _grid(("Provision", "What it asks", "Rules"), rows)]
    parts += ["## Measures and files\n", MEASURES, _grid(("", "Measure", "Rules", "Article"), _measures())]
    return "\n".join(filter(None, parts))


MEASURES = """\
The plan of the laboratory sums up the provisions in 44 measures, I01 to I44. One may need several rules, each a file; a
rule lies in the folder of the article that it serves first.
"""


def _counts() -> str:
    whole = law()
    rows = [(_heading(part), whole.of_article(part)) for part in whole.articles] + [("**All**", list(whole.provisions))]
    cells = [(title, str(len(found)), *(str(count(found)[status]) for status in ANSWERS)) for title, found in rows]
    return _grid(("", "Provisions", *(words.capitalize() for words in WORDS.values())), cells, "lrrrr")


def _unknown() -> str:
    """Rules that are named and are not in the catalogue, for a version in which there are any."""
    names = [name for name in law().instruments() if name not in CATALOGUE]
    return f"Not in the catalogue of this version: {listed([f'`{name}`' for name in names])}.\n" if names else ""


def _cell(provision: Provision) -> str:
    if not provision.instruments:
        return f"*{WORDS[provision.status]}*: {uncapital(getattr(provision, provision.status))}"
    return "<br>".join(_in_cell(name) for name in provision.instruments)


def _in_cell(name: str) -> str:
    kind = CATALOGUE.get(name)
    if kind is None:
        return f"`{name}`"
    moved = listed([f"{uncapital(REGISTRY[e.metric].title)} {'+' if e.sign == '+' else MINUS}" for e in kind.expects])
    return f"{_link(name, kind)}: {kind.kind.lower()}, {str(kind.department).replace('_', ' ')}; {moved}"


def _link(name: str, kind: type[AbstractInstrument]) -> str:
    return f"[{name}](../{kind.__module__.replace('.', '/')}.py)"


def _measures() -> list[tuple[str, ...]]:
    rows = []
    for number, title in law().measures.items():
        names = law().map[number]
        if names == "not_yet":
            rows.append((number, title, "*not yet*", ""))
            continue
        kinds = [CATALOGUE.get(name) for name in names]
        links = [_link(name, kind) if kind else f"`{name}`" for name, kind in zip(names, kinds, strict=True)]
        rows.append((number, title, ", ".join(links), ", ".join(article_of(kind)[1:] for kind in kinds if kind)))
    return rows


def _grid(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], sides: str = "") -> str:
    rules = ["---:" if side == "r" else "---" for side in sides or "l" * len(heads)]
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, tuple(rules), *rows)]
    return "\n".join(lines) + "\n"
