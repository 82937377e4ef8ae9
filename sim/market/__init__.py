"""The markets' mechanisms, one a file; each is a phase of the week that reads and writes the world."""
