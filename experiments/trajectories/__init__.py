"""Every agent's weeks in one pair of runs, recorded on request."""
