"""Article (9): an orderly and open platform ecology."""
