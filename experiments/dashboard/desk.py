"""What the pages work with, one for all of them."""

from __future__ import annotations

import dataclasses

from experiments.dashboard.expected import Forecasts
from experiments.dashboard.job_question import Limits
from experiments.dashboard.jobs import Jobs
from experiments.dashboard.library import Library
from experiments.dashboard.watching import Watching


@dataclasses.dataclass(frozen=True)
class Desk:
    """What the pages work with: stored results, forecasts of the mean-field model, and runs in progress."""

    library: Library
    forecasts: Forecasts
    jobs: Jobs
    watching: Watching

    def close(self) -> None:
        """Stop what runs in the background."""
        self.jobs.close()
        self.watching.close()
        self.forecasts.close()


def desk(limits: Limits | None = None) -> Desk:
    """A desk over the folder of results."""
    return Desk(Library(), Forecasts(), Jobs(limits or Limits()), Watching())
