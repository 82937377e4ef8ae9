"""Article (3): departments that work together."""
