"""The law as data: one file an act, which maps provisions to instruments."""
