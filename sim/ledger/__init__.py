"""Money: whole cents, from somebody to somebody, summing to zero every week."""
