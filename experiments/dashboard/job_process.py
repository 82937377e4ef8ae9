"""The process of one background job, which hears Ctrl-C, leaves room for pages, and ends with its parent.

python -m experiments.dashboard.job_process PARENT compare KEY=VALUE ...
python -m experiments.dashboard.job_process PARENT people RESULT_FOLDER REPLICATE POINT
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
    """Carry out a comparison, or watch people, until it is done or the parent is gone."""
    parent, errand, *words = arguments
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent in the background may ignore it
    os.nice(NICE)
    from experiments import cli
    from experiments.running.worker import end_with

    end_with(int(parent))
    try:
        if errand == "people":
            from experiments.trajectories import recording

            sys.exit(recording.main(words))
        cli.main([errand, *words])
        sys.stdout.flush()
    except OSError as error:
        if error.errno in FULL:
            os._exit(FULL_DISK)  # what is still to be printed would fail as well
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
