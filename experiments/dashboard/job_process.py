"""The process of one background job: `compare`, which hears Ctrl-C, leaves room for pages, and ends with its parent.

python -m experiments.dashboard.job_process PARENT KEY=VALUE ...
"""

from __future__ import annotations

import errno
import os
import signal
import sys

FULL_DISK = 74
"""Exit code where nothing more could be written, not even why."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NICE = 10
"""How far the process stands back behind whoever serves the pages."""


def main(arguments: list[str]) -> None:
    """Carry out a comparison until it is done or the parent is gone."""
    parent, *words = arguments
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent in the background may ignore it
    os.nice(NICE)
    from experiments import cli
    from experiments._work import end_with

    end_with(int(parent))
    try:
        cli.main(["compare", *words])
        sys.stdout.flush()
    except OSError as error:
        if error.errno in FULL:
            os._exit(FULL_DISK)  # what is still to be printed would fail as well
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
