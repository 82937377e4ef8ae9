"""What any player is, whatever the market: levers, an objective, a step uphill, and learning by trial."""
