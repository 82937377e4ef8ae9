"""Article (7): means of supervision."""
