"""Rules on how departments work and what a breach costs."""
