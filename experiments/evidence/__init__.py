"""Cases that the laboratory is held against: one file a suite, and how each kind of case is carried out."""
