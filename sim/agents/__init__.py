"""Who acts in the economy: platforms, regulators, and the rows of populations seen as Mesa agents."""
