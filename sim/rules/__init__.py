"""Where rules meet the market: surfaces that a rule may act on, and the book of rules in force."""
