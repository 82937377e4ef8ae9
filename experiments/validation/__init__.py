"""Cases with a known answer: theory, evidence and the mean-field model."""
