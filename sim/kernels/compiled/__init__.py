"""Compiled loops. Import only when they are wanted: numba takes half a second, a cold compilation several."""

import numba

from sim.kernels.cache import cache_folder, drop_damaged, say_if_cold

numba.config.CACHE_DIR = str(cache_folder())  # pyright: ignore[reportAttributeAccessIssue]
drop_damaged()
say_if_cold()  # once a process: whoever imports this folder is about to call what it holds
