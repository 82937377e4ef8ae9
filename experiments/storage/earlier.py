"""What stored results of earlier versions call things, and what they are called now."""

EARLIER: dict[str, dict[str, dict[str, str]]] = {
    "decomposition": {"part": {"mechanical": "direct", "reaction": "behavioural"}},
    "enforcement": {
        "measure": {
            "looks": "inspections",
            "looks_at_a_breach": "inspections_of_breaches",
            "alive": "breaches_in_force",
        }
    },
}
"""Values of a column as results of earlier versions have them, and what they are called now."""
