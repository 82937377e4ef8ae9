"""The economy: agents, rules, money and weeks. It knows nothing of configuration files, workers or figures."""
