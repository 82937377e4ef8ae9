"""Keyed draws: every random number is a pure function of (seed, stream, week, identity, index)."""
