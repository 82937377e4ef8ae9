"""Strategies that answer: how players change what they charge, in whichever market; one strategy a file."""
