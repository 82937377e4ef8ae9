"""Results in words: findings as sentences, numbers, units and names."""
