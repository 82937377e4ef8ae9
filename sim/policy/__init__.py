"""Instruments: rules of law or policy, one a file, one folder an article of the Opinions of December 2021."""
