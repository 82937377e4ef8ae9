"""Who acts in the economy besides consumers, merchants and workers: platforms and regulators."""
