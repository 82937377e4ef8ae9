"""Results on disk: addressed by what was asked and by the code that answered, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from pathlib import Path
from typing import Any

from sim.errors import PlatformLabError


class FullDisk(PlatformLabError):
    """A result could not be written; nothing half-written is left under its name."""


class ReadOnlyStore(FullDisk):
    """A result could not be written because nobody may write there; what lies there can be read."""


READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


def unwritten(path: Path, error: OSError) -> FullDisk:
    """What to say where a file could not be written: whether there is no room, or no right to write."""
    if error.errno in READ_ONLY:
        return ReadOnlyStore(
            f"{path} could not be written: {error.strerror}.\n"
            "  Results that lie there can be read. To write: get the right to write there, copy the folder to where\n"
            "  you may write, or set PLATFORM_LAB_OUTPUTS to another folder; then run the same command again."
        )
    return FullDisk(
        f"{path} could not be written: {error.strerror}.\n"
        "  Finished runs are kept; make room and run the same command again."
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write to a temporary name beside the target, then rename: a killed process leaves all or nothing."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _settle(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise unwritten(path, error) from None


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


def write_config(folder: Path, request: Any) -> None:
    """The configuration as resolved, from which the same result can be asked for again, but for who runs it where."""
    import yaml

    write_whole(folder / "config.yaml", yaml.safe_dump(request.plain, sort_keys=False, allow_unicode=True).encode())
