"""Reading results: findings in words, figures, and the report."""
