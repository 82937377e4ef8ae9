"""Results on disk: addressed by what was asked and by the code that answered, written whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import sim
from sim.errors import PlatformLabError
from sim.scenario import Scenario


class FullDisk(PlatformLabError):
    """A result could not be written; nothing half-written is left under its name."""


@functools.cache
def code_version() -> str:
    """Hash of every source file of the economy: another economy never answers for this one."""
    digest = hashlib.sha256()
    root = Path(sim.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def output_folder() -> Path:
    """Where results go: `PLATFORM_LAB_OUTPUTS`, or outputs/ here."""
    return Path(os.environ.get("PLATFORM_LAB_OUTPUTS", "outputs"))


def run_name(scenario: Scenario) -> str:
    """Address of one run."""
    return hashlib.sha256(f"{code_version()}-{scenario.digest()}".encode()).hexdigest()[:24]


def run_path(scenario: Scenario) -> Path:
    """File of one run."""
    return output_folder() / "runs" / f"{run_name(scenario)}.parquet"


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
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise FullDisk(
            f"{path} could not be written: {error.strerror}.\n"
            "  Finished runs are kept; make room and run the same command again."
        ) from None


def write_json(path: Path, value: Any) -> None:
    """A JSON file, written whole."""
    write_whole(path, (json.dumps(value, indent=2, default=str) + "\n").encode())


def write_table(path: Path, frame: Any, metadata: dict[str, Any] | None = None) -> None:
    """A pandas frame as Parquet, written whole, with `metadata` as JSON in the schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if metadata:
        table = table.replace_schema_metadata(
            {**(table.schema.metadata or {}), b"platform_lab": json.dumps(metadata).encode()}
        )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    write_whole(path, sink.getvalue().to_pybytes())


def read_run(path: Path) -> tuple[Any, dict[str, Any]]:
    """Weekly metrics (pandas) and metadata of a finished run; None if the file is missing or damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        return table.to_pandas(), json.loads(table.schema.metadata[b"platform_lab"])
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None, {}


def has_run(scenario: Scenario) -> bool:
    """Whether a whole result of this scenario is there."""
    return read_run(run_path(scenario))[0] is not None


def result_folder(verb: str, name: str, digest: str) -> Path:
    """Folder of a result: outputs/<verb>/<name>-<digest>."""
    return output_folder() / verb / f"{name}-{digest[:10]}"


def remember_last(folder: Path) -> None:
    """So that `report` without a name shows the newest result."""
    write_whole(output_folder() / "last", f"{folder}\n".encode())


def write_config(folder: Path, request: Any) -> None:
    """The configuration as resolved, from which the same result can be asked for again."""
    import yaml

    plain = {**request.config, "sweep": request.levers}
    write_whole(folder / "config.yaml", yaml.safe_dump(plain, sort_keys=False, allow_unicode=True).encode())
