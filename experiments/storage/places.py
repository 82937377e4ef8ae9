"""Where results lie: the folder of all, the folder of one, and which was the last."""

from __future__ import annotations

import os
from pathlib import Path

from experiments.request import naming
from experiments.storage.writing import write_whole
from sim.snapshot import code_version as code_version

OUTPUTS = "PLATFORM_LAB_OUTPUTS"
"""Environment variable that names the folder of results."""


def output_folder() -> Path:
    """Where results go: `PLATFORM_LAB_OUTPUTS`, or outputs/ here."""
    return Path(os.environ.get(OUTPUTS, "outputs"))


def result_folder(verb: str, name: str, digest: str) -> Path:
    """Folder of a result: outputs/<verb>/<name>-<digest>."""
    return output_folder() / verb / f"{naming.checked(name)}-{digest[:10]}"


def remember_last(folder: Path) -> None:
    """So that `report` without a name shows the newest result."""
    write_whole(output_folder() / "last", f"{folder}\n".encode())
