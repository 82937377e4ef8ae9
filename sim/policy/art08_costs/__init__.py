"""Article (8): lower the costs of taking part in the platform economy."""
