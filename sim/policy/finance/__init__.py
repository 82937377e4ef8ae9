"""Rules on credit and tax."""
