"""Numbers from results: effects, intervals, variance, precision, distributions."""
