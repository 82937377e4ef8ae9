"""Which elementary functions and draws are in use: plain NumPy, or compiled ones with the same bits.

Creating a `CompiledEngine` installs the compiled ones for the whole process; since the bits are the same, that changes
no result. Plain NumPy alone never imports numba.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Functions(Protocol):
    """What `sim.kernels.compiled.functions` offers; each takes arrays and broadcasts them."""

    exp: Callable
    log: Callable
    logistic: Callable
    normal_quantile: Callable
    uniform: Callable
    exp_precise: Callable
    log_precise: Callable


compiled: Functions | None = None
"""None while plain NumPy is in use."""


@contextmanager
def using(functions: Functions | None) -> Iterator[None]:
    """Use these, or plain NumPy for None, for a while."""
    global compiled
    before, compiled = compiled, functions
    try:
        yield
    finally:
        compiled = before
