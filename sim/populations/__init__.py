"""All state of the economy, as columns: one table a kind of agent, one row an agent."""
