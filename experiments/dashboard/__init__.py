"""Let me explore: a local web page."""
