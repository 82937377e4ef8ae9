"""What is kept of all runs, and how much room does it take?

    platform-lab store
    platform-lab store check
    platform-lab store compact
    platform-lab store prune
    platform-lab store prune results
    platform-lab store log 0123456789abcdef

Without a word it reports what lies under the output folder: finished runs of this code and of other code, agents'
outcomes, what failed or was damaged, and the results of every verb, with their sizes.

check reads every run and compares it with its checksum; what is damaged is named and set aside, and computed again
when somebody asks for it. compact puts runs that lie alone together, a hundred a file; sweeps do so by themselves.
prune removes what nobody can ask for any more: runs of other code, agents' outcomes without a run, what was set aside,
failures and what killed processes left. prune results removes results of other code too; their configuration is gone
with them. Finished runs of this code are never removed. log prints what a run said while it was computed, or why it
failed; the beginning of its name is enough.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from experiments.storage import places, run_store, versions
from experiments.terminal.tables import show_table
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

WORDS = {"": "report", "check": "check", "compact": "compact", "prune": "prune", "prune results": "prune results"}


def main(words: list[str], extra: Path | None = None) -> None:
    """Report, check, compact or prune."""
    asked = " ".join(words)
    if len(words) == 2 and words[0] == "log":
        show_log(words[1])
        return
    if asked not in WORDS:
        allowed = [*filter(None, WORDS), "log RUN"]
        todo = nearest(asked, allowed)
        raise RefusedScenario([Problem(f"store {asked}", "there is no such task", ", ".join(allowed), todo)])
    if asked == "check":
        check()
    elif asked == "compact":
        n = run_store.compact(1)
        print(f"{n:,} runs were put together; {len(run_store.all_runs().alone):,} lie alone")
    elif asked:
        prune(with_results=asked.endswith("results"))
    else:
        report()


def report() -> None:
    """Print what there is and its size."""
    home, kept = run_store.folder(), run_store.all_runs()
    ours = versions.code_version()
    current = [name for name, code in run_store.codes(kept).items() if code == ours]
    n_stale = len(kept) - len(current)
    rows = [
        ["finished runs", f"{len(kept):,}", _size([*home.glob("*.parquet"), *home.glob("parts/*")]), ""],
        ["  of other code", f"{n_stale:,}", "", "platform-lab store prune removes them" if n_stale else ""],
        ["  that lie alone", f"{len(kept.alone):,}", _size(kept.alone.values()), ""],
        ["agents' outcomes", f"{len(kept.agents):,}", _size(kept.agents.values()), ""],
    ]
    for name in ("failed", "damaged"):
        found = list(home.glob(f"{name}/*"))
        rows += [[name, f"{len(found):,}", _size(found), str(home / name)]] if found else []
    folders = sorted(path for path in places.output_folder().glob("*") if path.is_dir() and path != home)
    for verb in folders:
        results = list(verb.glob("*/record.json"))
        n_stale = sum(map(_is_stale, results))
        text = f"{n_stale} made by other code" if n_stale else ""
        rows.append([f"results of {verb.name}", f"{len(results):,}", _size(verb.rglob("*")), text])
    show_table(f"Kept in {places.output_folder()}", ["", "number", "size", ""], rows)
    print("Next: platform-lab list results, or platform-lab store prune")


def check() -> None:
    """Compare every run with its checksum and set aside what is damaged."""
    kept = run_store.all_runs()
    whole, damaged = kept.check(list(kept))
    with_agents, more = kept.check(list(kept.agents), with_agents=True)
    broken = list(dict.fromkeys([*damaged, *more]))
    for path in broken:
        print(f"Damaged, moved to runs/damaged: {path}", file=sys.stderr)
    run_store.set_aside(broken)
    n = f"{len(whole):,} runs are whole, {len(with_agents):,} of them with their agents"
    print(f"{n}; {len(broken)} files are damaged")


def show_log(start: str) -> None:
    """Print the log of the one run whose name begins so."""
    kept, failed = run_store.all_runs(), {path.stem: path for path in run_store.folder().glob("failed/*.json")}
    names = sorted(name for name in {*kept, *failed} if name.startswith(start))
    if len(names) != 1:
        why = f"{len(names):,} runs have a name that begins so" if names else "no run has a name that begins so"
        todo = "platform-lab sweep leaves their names in runs.parquet"
        raise RefusedScenario([Problem(f"store log {start}", why, "the beginning of one run's name", todo)])
    (name,) = names
    if name in failed:
        found = json.loads(failed[name].read_text("utf-8"))
        print(f"{name} failed: {found['error']}", *found["log"], sep="\n  ")
    if name in set(kept):
        meta = kept.read(name)[1]
        seconds = sum(meta["seconds"].values())
        print(f"{name} of code {meta['code']}, {seconds:.3g} s in the model", *meta["log"], sep="\n  ")


def prune(*, with_results: bool) -> None:
    """Remove what nobody can ask for any more."""
    n_runs, freed = run_store.prune()
    text = f"{n_runs:,} runs of other code removed, {_bytes(freed)} freed"
    if with_results:
        stale = [path.parent for path in places.output_folder().glob("*/*/record.json") if _is_stale(path)]
        for folder in stale:
            shutil.rmtree(folder)
        text += f"; {len(stale)} results of other code removed"
    print(text)


def _is_stale(record: Path) -> bool:
    try:
        return json.loads(record.read_text("utf-8")).get("code_version") != versions.code_version()
    except (OSError, ValueError):
        return False


def _size(paths: Iterable[Path]) -> str:
    return _bytes(sum(path.stat().st_size for path in paths if path.is_file()))


def _bytes(n: float) -> str:
    """`0 kB`, `12.3 MB`."""
    for unit in ("kB", "MB"):
        n /= 1000
        if n < 1000:
            return f"{n:.3g} {unit}" if n else "0 kB"
    return f"{n / 1000:.3g} GB"
