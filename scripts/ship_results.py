"""Put the tables of an experiment beside the pages that show them.

ship_results.py RUNS NAME: RUNS is the folder that `cerebsr experiment` wrote; results.csv and history.csv go to nbs/results/NAME, with six digits.
"""
import sys
from pathlib import Path

import pandas as pd

from cerebsr.core import atomic_path

root = Path(__file__).resolve().parent.parent
runs, target = Path(sys.argv[1]), root/"nbs"/"results"/sys.argv[2]
target.mkdir(parents=True, exist_ok=True)
for name in ("results", "history"):
    if not (runs/f"{name}.csv").is_file(): continue
    table = pd.read_csv(runs/f"{name}.csv", dtype=dict(subject=str))
    with atomic_path(target/f"{name}.csv") as tmp: table.to_csv(tmp, index=False, float_format="%.6g")
    print(f"{target/f'{name}.csv'}: {len(table)} rows of {table.run.nunique()} runs")
