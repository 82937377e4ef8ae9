"""Rules that depend on the size of platforms."""
