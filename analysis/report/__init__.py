"""The report: one HTML file that a minister's adviser can read without a network."""
