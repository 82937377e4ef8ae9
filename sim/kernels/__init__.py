"""The hot loops: each compiled one has a plain NumPy twin with the same bits. Arrays in, arrays out."""
