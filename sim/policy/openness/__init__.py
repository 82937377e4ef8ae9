"""Rules on access: exclusive contracts, ranking, interoperability, visibility."""
