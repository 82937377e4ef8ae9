"""How results are kept and read: the one place that knows the format of files."""
