"""The market of averages: expectations instead of draws, over types of people instead of people, the same formulas."""
