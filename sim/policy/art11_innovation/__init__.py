"""Article (11): technological innovation of platforms."""
