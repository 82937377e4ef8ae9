"""Results on disk: addressed by what was asked and by the code that answered, written whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from experiments.request import naming
from sim.errors import PlatformLabError
from sim.snapshot import code_version as code_version

ANSWERING = (".py", ".css", ".js", ".j2")
OUTPUTS = "PLATFORM_LAB_OUTPUTS"
"""Environment variable that names the folder of results."""


@functools.cache
def answer_version() -> str:
    """Digest of the code that makes answers of runs: another one makes them anew."""
    home = Path(__file__).parents[2]
    files = sorted(p for part in ("experiments", "analysis") for p in (home / part).rglob("*") if p.suffix in ANSWERING)
    found = hashlib.sha256()
    for path in files:
        found.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


class FullDisk(PlatformLabError):
    """A result could not be written; nothing half-written is left under its name."""


class LostWorkers(PlatformLabError):
    """Processes die and no run can be blamed for it."""

    def __init__(self, n_deaths: int) -> None:
        super().__init__(
            f"processes died {n_deaths} times before any run had begun, perhaps for want of memory.\n"
            "  Finished runs are kept; run the same command again with fewer processes: runner.n_workers=1."
        )


def output_folder() -> Path:
    """Where results go: `PLATFORM_LAB_OUTPUTS`, or outputs/ here."""
    return Path(os.environ.get(OUTPUTS, "outputs"))


def write_whole(path: Path, content: bytes) -> None:
    """Write to a temporary name beside the target, then rename: a killed process leaves all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _settle(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise FullDisk(
            f"{path} could not be written: {error.strerror}.\n"
            "  Finished runs are kept; make room and run the same command again."
        ) from None


def _settle(folder: Path) -> None:
    """See to it that a renaming outlasts a power cut: a name is part of its folder, not of its file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """A JSON file, written whole."""
    write_whole(path, (json.dumps(value, indent=2, default=str) + "\n").encode())


def write_table(path: Path, frame: Any, metadata: dict[str, Any] | None = None) -> None:
    """A pandas frame as Parquet, written whole, with `metadata` as JSON in the schema."""
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if metadata:
        table = table.replace_schema_metadata(
            {**(table.schema.metadata or {}), b"platform_lab": json.dumps(metadata).encode()}
        )
    write_whole(path, parquet(table))


def parquet(table: Any, **how: Any) -> bytes:
    """An Arrow table as the content of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **how)
    return sink.getvalue().to_pybytes()


def result_folder(verb: str, name: str, digest: str) -> Path:
    """Folder of a result: outputs/<verb>/<name>-<digest>."""
    return output_folder() / verb / f"{naming.checked(name)}-{digest[:10]}"


def remember_last(folder: Path) -> None:
    """So that `report` without a name shows the newest result."""
    write_whole(output_folder() / "last", f"{folder}\n".encode())


def write_config(folder: Path, request: Any) -> None:
    """The configuration as resolved, from which the same result can be asked for again, but for who runs it where."""
    import yaml

    write_whole(folder / "config.yaml", yaml.safe_dump(request.plain, sort_keys=False, allow_unicode=True).encode())
