"""Article (10): safeguards for workers in new forms of employment."""
