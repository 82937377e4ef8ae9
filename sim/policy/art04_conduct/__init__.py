"""Article (4): abuses, unfair conduct, quality, licences and taxes."""
