"""The page docs/results.md: what lies in the folder of a result, table by table, from their declarations.

python -m experiments.catalogue.result_tables > docs/results.md
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.tables import TABLES, Table

HEAD = """\
# What lies in a result

A comparison or sweep leaves a folder below `outputs/compare/` or `outputs/sweep/`: `record.json` (what was asked, by
which code, with which rules and assumptions), `config.yaml` (with which the same can be asked again), `report.html`,
and the tables below, each a Parquet file. `checksums.json` holds the SHA-256 of every file of the result; it is written
last, and whoever reads the result compares it. From Python:

    import platform_lab as lab
    answer = lab.load("outputs/compare/commission_cap-town-0123456789")
    answer.effects   # a pandas.DataFrame, one row a scenario and metric

A unit *row's* is in the row's own column `unit`. Intervals are of 95%.

Every table is declared once, in `analysis/tables.py`. A new one takes four files: its declaration there, its estimator
(`experiments/results/estimating.py`), where it is shown (`experiments/terminal/sections.py` or the report), and a test.
This page is written by the command at the head of `experiments/catalogue/result_tables.py`, and a test compares.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for table in TABLES.values() for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    yield from (f"## {table.file}", "")
    yield from (f"One row per {table.row}. Present {table.when}. Computed by `{table.made_by}`.", "")
    yield from ("| Column | Meaning | Unit |", "|---|---|---|")
    yield from (f"| `{column.name}` | {column.meaning} | {column.unit} |" for column in table.columns)
    yield ""
    if table.besides:
        yield from (f"Besides: {table.besides}.", "")


if __name__ == "__main__":
    print(page(), end="")
