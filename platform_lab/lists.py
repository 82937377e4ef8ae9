"""What can be chosen, as frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

WHAT = ("choices", "instruments", "provisions", "metrics", "assumptions", "cases", "results")
"""Every list, as on the command line."""


def list_of(
    what: str = "choices", *names: str, sector: str | None = None, config_dir: str | Path | None = None
) -> pd.DataFrame:
    """What can be chosen, as a frame with a row each.

    `what` is one of

    * "choices": groups and their options (`group`, `name`; `kind` of a policy; `question` of an experiment);
    * "instruments": rules (`name`, `article`, `kind`, `department`, `title`); with `names`, rules or articles, their
      parameters (`key`, `default`, `unit`, `low`, `high`, `meaning`, `basis`);
    * "provisions": what the law asks and which rules answer it; `names` are articles, provisions or rules;
    * "metrics": what is measured every week (`name`, `title`, `party`, `unit`, `better`, `meaning`);
    * "assumptions": assumptions of a `sector` with value and range, in their unit; those about institutions, the same
      in every market, have their range in the `text`;
    * "cases": what `validate` asks (`suite`, `name`, `question`, `n_targets`);
    * "results": results in the output folder, the newest last (`folder`, `verb`, `title`, `made`, `is_stale`;
      `state` says what is damaged in it, and is empty where nothing is).

    Raises `RefusedScenario` for a list or a name that there is not.
    """
    import pandas as pd

    from experiments import list as verb
    from experiments.request import folders, untrusted
    from platform_lab.asking import asked

    verb.refuse_unknown(what, WHAT)
    words, extra = asked({}, (), config_dir, sector=sector)
    untrusted.refuse_hostile(extra, folders.config_folder())
    return pd.DataFrame(_rows(what, [*names], words, extra))


def _rows(what: str, names: list[str], words: list[str], extra: Path | None) -> list[dict[str, Any]]:
    from experiments.catalogue import rows
    from experiments.storage import places

    if what == "instruments":
        return rows.parameter_rows(names) if names else rows.rule_rows()
    if what == "provisions":
        return rows.provision_rows(names)
    if what == "assumptions":
        from experiments.request import build

        return rows.assumption_rows(build.ask(words, extra).scenarios[0].sector)
    if what == "cases":  # loads every procedure of validation
        from experiments.validation import files

        return files.rows(extra)
    found = {"choices": lambda: rows.choices(extra), "metrics": rows.metric_rows, "results": places.results}
    return found[what]()
