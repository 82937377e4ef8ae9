"""Rules that tell platforms apart by size."""
