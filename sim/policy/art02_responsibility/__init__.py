"""Article (2): what platforms answer for."""
