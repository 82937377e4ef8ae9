"""Article (4): fair and lawful conduct, taxes included."""
