"""The economy as Mesa shows it: agents, agent sets and a data collector over columns."""
