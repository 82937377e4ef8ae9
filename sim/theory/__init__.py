"""Markets whose answer is known: the laboratory's strategies play them unchanged. Derivations: docs/theory.md."""
