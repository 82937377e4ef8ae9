"""How each kind of case is computed, by the name that cases use; and the cases written in Python.

A procedure is `run(setting, runner) -> Found`, entered in PROCEDURES with the type of its setting. `setting` is a plain
mapping, as written and without defaults (`case.typed(Kind, setting)` gives the dataclass with defaults, and refuses
what does not fit); `runner` says how many processes. It measures (`Measured`: quantity, unit, estimate, 95% interval),
draws (`Found.panels`, see `analysis.figures.validation_figure`), and knows nothing of targets, files or verdicts. What
it found is kept under a digest of the economy's code, of the modules of `experiments.validation` that it is made of,
and of the setting: the same setting must give the same result. It raises `PlatformLabError` where it has no result.
"""

from __future__ import annotations

from experiments.validation import contracts, mean_field, published
from experiments.validation.case import Case, Procedure
from experiments.validation.equilibrium import Equilibrium, check_equilibrium, equilibrium
from experiments.validation.fines import Fined, check_fined, fine_of_leader
from experiments.validation.gig import Gig, check_gig, gig_market
from experiments.validation.growing import default_zone, growing_zone
from experiments.validation.learners import Learners, check_learners, q_learning
from experiments.validation.open_entry import OpenEntry, check_open_entry, open_entry
from experiments.validation.paired import Paired, check_paired, paired
from experiments.validation.thresholds import check_tipping, free_entry, tipping
from experiments.validation.waterbed import waterbed_curve
from sim.theory.free_entry import FreeEntry
from sim.theory.tipping import Tipping

PROCEDURES: dict[str, Procedure] = {
    "growing_zone": Procedure(growing_zone),
    "default_zone": Procedure(default_zone),
    "waterbed_curve": Procedure(waterbed_curve),
    "paired": Procedure(paired, Paired, check_paired),
    "fine_of_leader": Procedure(fine_of_leader, Fined, check_fined),
    "open_entry": Procedure(open_entry, OpenEntry, check_open_entry),
    "equilibrium": Procedure(equilibrium, Equilibrium, check_equilibrium),
    "q_learning": Procedure(q_learning, Learners, check_learners),
    "tipping": Procedure(tipping, Tipping, check_tipping),
    "free_entry": Procedure(free_entry, FreeEntry),
    "gig_market": Procedure(gig_market, Gig, check_gig),
}
SUITES: dict[str, tuple[Case, ...]] = {
    "theory": (),
    "evidence": published.CASES + contracts.CASES,
    "mean_field": mean_field.CASES,
}
"""Cases written in Python, by suite; those of configs/validation/<suite>/ come after them."""
