"""Mechanisms of the week, one a file; each is a phase that reads and writes the world."""
