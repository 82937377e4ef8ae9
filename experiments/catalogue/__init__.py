"""What can be chosen: instruments, provisions and assumptions, as `list` and the dashboard show them."""
