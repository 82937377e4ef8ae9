"""What a terminal shows: tables and numbers."""
