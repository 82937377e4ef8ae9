"""What is measured: weekly metrics with unit and meaning, and the market's moments."""
