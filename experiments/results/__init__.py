"""From runs to effects: estimates, precision, the record, and what is kept."""
