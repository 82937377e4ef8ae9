"""What the pages work with, one for all of them."""

from __future__ import annotations

import dataclasses

from experiments.dashboard.expected import Averages
from experiments.dashboard.job_question import Limits
from experiments.dashboard.jobs import Jobs
from experiments.dashboard.library import Library
from experiments.dashboard.watching import Watching


@dataclasses.dataclass(frozen=True)
class Desk:
    """What the pages work with: stored results, expectations by averages, and runs on their way."""

    library: Library
    averages: Averages
    jobs: Jobs
    watching: Watching

    def close(self) -> None:
        """Stop what runs in the background."""
        self.jobs.close()
        self.watching.close()
        self.averages.close()


def desk(limits: Limits | None = None) -> Desk:
    """A desk over the folder of results."""
    return Desk(Library(), Averages(), Jobs(limits or Limits()), Watching())
