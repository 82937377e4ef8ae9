"""Compiled loops. Import only when they are wanted: numba takes half a second, a cold compilation several."""

import numba

from sim.kernels.cache import cache_folder

numba.config.CACHE_DIR = str(cache_folder())  # pyright: ignore[reportAttributeAccessIssue]
