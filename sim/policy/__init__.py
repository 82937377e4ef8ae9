"""Instruments: rules of law or policy, one a file, in a folder a subject."""
