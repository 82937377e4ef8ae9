"""Article (1): complete the laws."""
