"""What the sections of a report are called, on the page as in Markdown."""

from __future__ import annotations

from analysis.wording import conduct, enforcement

# Headings only, in the page's order. Contents differ, as the page shows figures of one scenario and Markdown tables of
# all; and Markdown has other strategies beside the response that they vary, where the page has enforcement first.
TITLES = {
    "who": "Who gains and who loses",
    "payments": "Who pays whom",
    "answer": "Direct effect of the rule and behavioural response of platforms",
    "enforcement": enforcement.TOPIC,
    "strategies": conduct.TOPIC,
    "draws": "Sensitivity to the assumptions",
    "within": "Within each party",
    "weeks": "Week by week",
    "measures": "Other outcomes",
    "estimates": "All estimates",
    "moments": "Does the simulated sector resemble the real one?",
    "trust": "Reliability and limitations",
    "reproduce": "How to reproduce this result",
}
"""Headings that are the same in every report; others name what was varied, or count the rules."""
