"""What any player is, whatever the market: decision variables, an objective, a step uphill, and learning by trial."""
