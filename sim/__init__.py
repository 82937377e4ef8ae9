"""The economy: agents, rules, money and weeks. It imports nothing of configuration, of running or of figures."""
