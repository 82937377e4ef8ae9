"""The hot loops: each compiled one has a reference implementation in plain NumPy with the same bits."""
