"""Put a trained pair into the package, with its measured results on the cards.

ship_weights.py RUNS TABLE [PAIR]: RUNS holds the folders PAIR-conventional and PAIR-balanced that `cerebsr train`
wrote (PAIR: mdcsrn if not given); TABLE is the CSV of `cerebsr evaluate FOLDER --models
PAIR-conventional=RUNS/...,PAIR-balanced=RUNS/...` on the test people.
"""
import json, shutil, sys
from pathlib import Path

import pandas as pd

from cerebsr.core import atomic_path
from cerebsr.compare import paired_tests
from cerebsr.evaluate import summarize
from cerebsr.weights import load_model, save_model

root = Path(__file__).resolve().parent.parent
runs, table_path = Path(sys.argv[1]), Path(sys.argv[2])
table = pd.read_csv(table_path)
pair = sys.argv[3] if len(sys.argv) > 3 else "mdcsrn"
names = f"{pair}-conventional", f"{pair}-balanced"
folder = root/"nbs"/"results"/("starter" if pair == "mdcsrn" else pair)
gain = paired_tests(table, names[1], names[0]).loc[("cerebellum", "psnr")]
verdict = (
    f"balanced minus conventional, cerebellum PSNR: {gain['mean']:+.3f} dB, "
    f"95 % interval {gain['low']:+.3f} to {gain['high']:+.3f}, "
    f"better in {gain['wins']:.0f} of {gain['n']:.0f} people"
)
if gain["mean"] <= 0: verdict += ": the balanced network is NOT better in the cerebellum"

for name in names:
    model = load_model(runs/name/"model.safetensors")
    rows = summarize(table[table.image.isin(["LR", name])]).reset_index()
    results = dict(
        people="the test people of the data, mean and SD",
        convention=str(table.convention.iloc[0]),
        table=rows.to_dict("records"),
        gain_over_LR={r: paired_tests(table, name).loc[(r, "psnr"), "mean"].round(3) for r in ("brain", "cerebellum")},
        balanced_against_conventional=verdict,
        command=f"cerebsr evaluate {model.card['data']['folder']} --models {','.join(names)} --split test",
    )
    save_model(model, root/"cerebsr"/"weights"/f"{name}.safetensors", model.card | dict(results=results))
    target = folder/name.removeprefix(f"{pair}-")
    target.mkdir(parents=True, exist_ok=True)
    with atomic_path(target/"history.csv") as tmp: shutil.copy(runs/name/"history.csv", tmp)
with atomic_path(folder/"test.csv") as tmp: table.to_csv(tmp, index=False)
print(verdict)
