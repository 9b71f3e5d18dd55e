"""Put the tables of an experiment beside the pages that show them.

ship_results.py RUNS NAME [--add]: RUNS is the folder that `cerebsr experiment NAME` wrote; results.csv and history.csv
go to nbs/results/NAME, with six digits, in the plan's order. With --add, runs that are in the table there and not in
RUNS stay; without it they would be lost, and that is refused.
"""
import sys
from pathlib import Path

import pandas as pd

import cerebsr.studies.runs  # noqa: Plan.runs
from cerebsr.core import atomic_path
from cerebsr.studies.plan import read_plan

root = Path(__file__).resolve().parent.parent
runs, target, add = Path(sys.argv[1]), root/"nbs"/"results"/sys.argv[2], "--add" in sys.argv[3:]
order = {r.name: i for i, r in enumerate(read_plan(sys.argv[2]).runs())}
target.mkdir(parents=True, exist_ok=True)
read = lambda f: pd.read_csv(f, dtype=dict(subject=str))
for name in ("results", "history"):
    if not (runs/f"{name}.csv").is_file(): continue
    table, file = read(runs/f"{name}.csv"), target/f"{name}.csv"
    old = read(file) if file.is_file() else table[:0]
    stay = old[~old.run.isin(table.run)]
    if len(stay) and not add:
        raise SystemExit(f"{file} holds runs that {runs} lacks ({', '.join(stay.run.unique())}): --add keeps them")
    both = pd.concat([stay, table], ignore_index=True).sort_values("run", key=lambda r: r.map(order), kind="stable")
    with atomic_path(file) as tmp: both.to_csv(tmp, index=False, float_format="%.6g")
    print(
        f"{file}: {len(stay) + len(table)} rows of {stay.run.nunique() + table.run.nunique()} runs, "
        f"{table.run.nunique()} of them new or renewed"
    )
