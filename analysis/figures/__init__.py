"""Figures: each a function from tidy frames to one plotly figure, whose title states what the numbers say."""
