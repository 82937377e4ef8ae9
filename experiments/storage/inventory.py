"""What is kept of all runs and results, and how much room it takes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from experiments.storage import places, run_store, versions


def rows() -> list[list[str]]:
    """A row a kind of file: what it is, how many there are, their size, and what to know or do about them."""
    home, kept = run_store.folder(), run_store.all_runs()
    ours = versions.code_version()
    current = [name for name, code in run_store.codes(kept).items() if code == ours]
    n_stale = len(kept) - len(current)
    table = [
        ["finished runs", f"{len(kept):,}", _size([*home.glob("*.parquet"), *home.glob("parts/*")]), ""],
        ["  of other code", f"{n_stale:,}", "", "platform-lab store prune removes them" if n_stale else ""],
        ["  in files of their own", f"{len(kept.alone):,}", _size(kept.alone.values()), ""],
        ["agents' outcomes", f"{len(kept.agents):,}", _size(kept.agents.values()), ""],
    ]
    for name in ("failed", "damaged"):
        paths = list(home.glob(f"{name}/*"))
        table += [[name, f"{len(paths):,}", _size(paths), str(home / name)]] if paths else []
    folders = sorted(path for path in places.output_folder().glob("*") if path.is_dir() and path != home)
    for verb in folders:
        results = list(verb.glob("*/record.json"))
        n_stale = sum(map(versions.is_stale, results))
        text = f"{n_stale} made by other code" if n_stale else ""
        table.append([f"results of {verb.name}", f"{len(results):,}", _size(verb.rglob("*")), text])
    return table


def _size(paths: Iterable[Path]) -> str:
    return bytes_text(sum(path.stat().st_size for path in paths if path.is_file()))


def bytes_text(n: float) -> str:
    """`0 kB`, `12.3 MB`."""
    for unit in ("kB", "MB"):
        n /= 1000
        if n < 1000:
            return f"{n:.3g} {unit}" if n else "0 kB"
    return f"{n / 1000:.3g} GB"
