"""Rules on how platforms treat those who use them: prices, advertisements, sellers, disclosure."""
