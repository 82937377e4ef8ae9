"""`python -m experiments.dashboard`: the verb as a module."""

import sys

from experiments.cli import main

main(["dashboard", *sys.argv[1:]])
