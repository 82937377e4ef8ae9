"""The mean-field model: the economy without agents or chance, and what platforms expect of it."""
