"""Support of research."""
