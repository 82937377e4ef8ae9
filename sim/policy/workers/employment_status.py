"""Workers whom a platform directs are its employees, or have some of their rights."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import GIG_WORK_OPINIONS
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class EmploymentStatus(Bound):
    """Gives a share of workers the status of employees, or one in between."""

    title = "Employment status"
    reading = (
        "Gives a share of workers the status of employees, or one in between. Article (10) asks for standards that "
        "distinguish employment from other work, and for rights of those who stand in between (A10.2, A10.3). The "
        "model reads this as contributions that the platform owes on the pay of workers with the new status, and "
        "better pay for them; the status in between counts in part. A platform can move workers to subcontractors."
    )
    left_out = "notice, paid leave, sick pay, and hours that an employer may fix."
    provisions = ("A10.2", "A10.3")
    department = Department.LABOUR
    hook = Hook.PRACTICES
    practices = (Practice.BOGUS_SELF_EMPLOYMENT,)
    expects = (
        Expect("practice_bogus_self_employment", "-", "workers are classed by how they are directed"),
        Expect("platform_burden", "+", "contributions are due"),
        Expect("platform_profit", "-", "labour costs more"),
    )

    employees: Annotated[
        float,
        Param("workers who become employees", "share", 0.0, 1.0, "policy lever"),
    ] = 0.2
    in_between: Annotated[
        float,
        Param(
            "workers who get the status in between",
            "share",
            0.0,
            1.0,
            f"law: {GIG_WORK_OPINIONS.says('a third status exists since 2021')}; the share is a policy lever",
            label="In the status in between",
        ),
    ] = 0.4
    part_of_rights: Annotated[
        float,
        Param(
            "rights in the status in between, relative to an employee's",
            "share",
            0.0,
            1.0,
            "assumption I-15: about half of an employee's rights; sweep 0.2 to 0.8",
        ),
    ] = 0.5
    gain_multiple: GainsTaken = 2.0

    def apply(self, terms: PracticeTerms) -> None:
        """Self-employment falls by those who get a status, counted by their rights."""
        covered = min(self.employees + self.part_of_rights * self.in_between, 1.0)
        restrain(terms, Practice.BOGUS_SELF_EMPLOYMENT, 1.0 - covered)

    @property
    def sanction(self) -> Sanction:
        """Contributions are paid afterwards, and a fine of the same size."""
        return Sanction(gain_multiple=self.gain_multiple)
