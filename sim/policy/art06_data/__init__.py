"""Article (6): rules for data and algorithms."""
