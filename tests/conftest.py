"""Settings of the whole suite: generated examples are the same in every run, and time is never asserted."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
