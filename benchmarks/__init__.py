"""Benchmarks: how fast, how lean, how precise. Ratios of runs taken in turns, never promises about a machine."""
