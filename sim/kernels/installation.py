"""Put compiled functions in the place of plain ones."""

from __future__ import annotations

from sim.kernels import implementation


def install() -> None:
    """Use the compiled functions from now on, in the whole process."""
    from sim.kernels.compiled import functions

    implementation.compiled = functions
