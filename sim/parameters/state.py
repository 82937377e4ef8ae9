"""Numbers of the state."""

from __future__ import annotations

from typing import Annotated

import annotated_types

from sim.parameters.declared import Param, numbers


@numbers
class DepartmentParameters:
    """One government department: its money and what an inspection costs."""

    name: Annotated[str, annotated_types.Len(1, 40)]
    budget: Annotated[float, Param("appropriation per million consumers", "currency a week", 0.0, 1e9)]
    staff_cost: Annotated[float, Param("standing cost per million consumers", "currency a week", 0.0, 1e9)]
    inspection_cost: Annotated[
        float, Param("cost to the department of one inspection, per million consumers", "currency", 0.01, 1e7)
    ]
    compliance_cost: Annotated[
        float, Param("cost to the platform of one inspection, per million consumers", "currency", 0.0, 1e7)
    ]
