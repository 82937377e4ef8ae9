"""Rules on data and algorithms."""
