"""Results on disk: addressed by what was asked and by the code that answered, written whole or not at all."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import _names
from sim.errors import PlatformLabError
from sim.scenario import Scenario
from sim.snapshot import code_version as code_version

if TYPE_CHECKING:
    from sim.model import PlatformEconomy


class FullDisk(PlatformLabError):
    """A result could not be written; nothing half-written is left under its name."""


def output_folder() -> Path:
    """Where results go: `PLATFORM_LAB_OUTPUTS`, or outputs/ here."""
    return Path(os.environ.get("PLATFORM_LAB_OUTPUTS", "outputs"))


def run_name(scenario: Scenario) -> str:
    """Address of one run."""
    return hashlib.sha256(f"{code_version()}-{scenario.digest()}".encode()).hexdigest()[:24]


def run_path(scenario: Scenario) -> Path:
    """File of one run."""
    return output_folder() / "runs" / f"{run_name(scenario)}.parquet"


def agents_path(scenario: Scenario) -> Path:
    """File of what one run's agents made of the weeks under the policy."""
    return output_folder() / "runs" / f"{run_name(scenario)}.agents.parquet"


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

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if metadata:
        table = table.replace_schema_metadata(
            {**(table.schema.metadata or {}), b"platform_lab": json.dumps(metadata).encode()}
        )
    write_whole(path, _as_parquet(table))


def _as_parquet(table: Any, **how: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **how)
    return sink.getvalue().to_pybytes()


def keep_run(scenario: Scenario, model: PlatformEconomy) -> None:
    """A finished run: its agents' outcomes first, then its weeks, which say that all is there."""
    import pandas as pd
    import pyarrow as pa

    from analysis.distribution import agent_frame

    metadata: dict[str, Any] = {
        "moments": model.moments,
        "seconds": model.seconds,
        "scenario": scenario.to_dict(),
        "code": code_version(),
        "agents": None,
    }
    if model.tally.n_weeks:
        agents = pa.Table.from_pandas(agent_frame(model.tally.frames()), preserve_index=False)
        content = _as_parquet(agents, compression="zstd")
        write_whole(agents_path(scenario), content)
        metadata["agents"] = hashlib.sha256(content).hexdigest()
    write_table(run_path(scenario), pd.DataFrame(model.weekly), metadata)


def read_agents(scenario: Scenario) -> Any:
    """Agents' outcomes of a finished run as a frame; None if the run has none."""
    import pyarrow.parquet as pq

    path = agents_path(scenario)
    return pq.read_table(path).to_pandas() if path.exists() else None


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
    """Whether a whole result of this scenario is there, with the very outcomes of agents that it names."""
    weekly, metadata = read_run(run_path(scenario))
    if weekly is None:
        return False
    try:
        return (
            not metadata["agents"]
            or hashlib.sha256(agents_path(scenario).read_bytes()).hexdigest() == (metadata["agents"])
        )
    except (OSError, KeyError):
        return False


def result_folder(verb: str, name: str, digest: str) -> Path:
    """Folder of a result: outputs/<verb>/<name>-<digest>."""
    return output_folder() / verb / f"{_names.checked(name)}-{digest[:10]}"


def remember_last(folder: Path) -> None:
    """So that `report` without a name shows the newest result."""
    write_whole(output_folder() / "last", f"{folder}\n".encode())


def write_config(folder: Path, request: Any) -> None:
    """The configuration as resolved, from which the same result can be asked for again, but for who runs it where."""
    import yaml

    plain = {**request.config, "sweep": copy.deepcopy(request.levers)}  # apart from the rest: no anchors
    plain.pop("runner", None)
    write_whole(folder / "config.yaml", yaml.safe_dump(plain, sort_keys=False, allow_unicode=True).encode())
