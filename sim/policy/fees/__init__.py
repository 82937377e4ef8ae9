"""Rules on what platforms charge."""
