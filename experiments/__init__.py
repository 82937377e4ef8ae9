"""Questions put to the economy: one verb a file."""
