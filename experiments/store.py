"""Which runs are kept, and how much space do they take?

    platform-lab store
    platform-lab store check
    platform-lab store compact
    platform-lab store prune
    platform-lab store prune results
    platform-lab store log 0123456789abcdef

Without a word it reports what is stored under the output folder: finished runs of this and of other versions of the
code, agents' outcomes, failed and damaged runs, and the results of every verb, with their sizes.

check reads every run and compares it with its checksum; damaged runs are named and set aside, and computed again when
they are next needed. compact merges runs with a file each into files of a hundred runs; sweeps do this
automatically. prune removes what cannot be used any more: runs of other versions of the code, agents' outcomes without
a run, damaged and failed runs, and what killed processes left. prune results also removes results of other versions of
the code, with their configuration. Finished runs of this version are never removed. log prints the messages of a run,
or why it failed; the first letters of its name are enough.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from experiments.storage import inventory, places, run_store, runs, versions
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
        print(f"{n:,} runs were merged; {len(run_store.all_runs().alone):,} are in files of their own")
    elif asked:
        prune(with_results=asked.endswith("results"))
    else:
        show_table(f"Kept in {places.output_folder()}", ["", "number", "size", ""], inventory.rows())
        print("Next: platform-lab list results, or platform-lab store prune")


def check() -> None:
    """Compare every run with its checksum and set aside what is damaged."""
    kept = run_store.all_runs()
    whole, damaged = kept.check(list(kept))
    with_agents, more = kept.check(list(kept.agents), with_agents=True)
    unreadable = [kept.alone[name] for name in sorted(whole & kept.alone.keys()) if not _is_readable(kept.alone[name])]
    whole -= {path.name.split(".")[0] for path in unreadable}
    broken = list(dict.fromkeys([*damaged, *more, *unreadable]))
    run_store.set_aside(broken)
    for path in broken:
        print(f"Damaged, moved to runs/damaged: {path}", file=sys.stderr)
    n = f"{len(whole):,} runs are intact, {len(with_agents):,} of them with their agents"
    print(f"{n}; {len(broken)} files are damaged")


def _is_readable(path: Path) -> bool:
    content = runs.whole(path)
    return content is not None and runs.is_readable(content)


def show_log(start: str) -> None:
    """Print the log of the one run whose name begins like this."""
    kept, failed = run_store.all_runs(), {path.stem: path for path in run_store.folder().glob("failed/*.json")}
    names = sorted(name for name in {*kept, *failed} if name.startswith(start))
    if len(names) != 1:
        why = f"{len(names) or 'no'} runs have names that begin like this"
        todo = "look up names of runs in runs.parquet of a result"
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
    """Remove what cannot be used any more."""
    n_runs, freed = run_store.prune()
    text = f"{n_runs:,} runs of other versions of the code removed, {inventory.bytes_text(freed)} freed"
    if with_results:
        stale = [path.parent for path in places.output_folder().glob("*/*/record.json") if versions.is_stale(path)]
        for folder in stale:
            shutil.rmtree(folder)
        text += f"; {len(stale)} results of other versions removed"
    print(text)
