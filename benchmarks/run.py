"""Every stage against its neighbours, in one run; prints a table and writes nbs/results/benchmarks.json.

    pip install -e ".[bench]"
    python benchmarks/run.py [--stages sampling,degrade] [--rounds 5] [--quick] [--out FILE]
"""
import argparse, importlib, json, sys, warnings
from pathlib import Path

import pandas as pd
import torch

warnings.filterwarnings("ignore")
here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
from cerebsr.core import atomic_path
from harness import machine, measure, versions

stages = ("sampling", "degrade", "network", "inference")
options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--stages", default=",".join(stages), help="some of "+", ".join(stages))
options.add_argument("--rounds", type=int, default=5)
options.add_argument("--quick", action="store_true", help="the two smallest sizes only: to see that it works")
options.add_argument("--out", type=Path, default=here.parent/"nbs"/"results"/"benchmarks.json")
a = options.parse_args()
chosen = a.stages.split(",")
if odd := set(chosen)-set(stages): options.error(f"no stage {', '.join(sorted(odd))}; there are {', '.join(stages)}")
result = json.loads(a.out.read_text()).get("stages", {}) if a.out.is_file() else {}
for name in chosen:
    print(f"{name} ...", flush=True)
    result[name] = found = measure(importlib.import_module(name), a.rounds, a.quick) | dict(
        machine=machine(),
        threads=torch.get_num_threads(),
        command="python benchmarks/run.py" + f" --stages {name}" * (chosen != list(stages)) + " --quick" * a.quick,
        versions=versions("torch", "numpy", "torchio", "monai", "openvino"),
    )
    if "skipped" in found: print(f"  skipped: {found['skipped']}"); continue
    print(
        pd.DataFrame(found["tasks"]).drop(columns="by_size").to_string(index=False),
        "\n",
        pd.DataFrame(found["pairs"]).to_string(index=False),
        "\n",
        flush=True,
    )
    with atomic_path(a.out) as tmp:
        tmp.write_text(json.dumps(dict(command="python benchmarks/run.py", stages=result), indent=1) + "\n")
