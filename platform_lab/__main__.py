"""The command line: `platform-lab VERB`, or `python -m platform_lab VERB`."""

from experiments.cli import main

if __name__ == "__main__":
    main()
