#!/usr/bin/env bash
# smoke.sh FOLDER: the whole job on four tiny made-up people, through the command line: degrade, segment, train, resume,
# apply, evaluate; and a plan of eight runs
set -euo pipefail
out=$1; mkdir -p "$out"; here=$(cd "$(dirname "$0")" && pwd)
python "$here/tiny_people.py" "$out/people"
t1=$out/people/sub-01/anat/sub-01_T1w.nii.gz

cerebsr degrade "$t1" "$out/lr.nii.gz" --scale-factor 4
for _ in first again; do     # the second goes on where the first stopped
  cerebsr train "$out/people" --out "$out/run" --sampler balanced --patches masked --blocks 1 --units 2 --growth 4 \
    --epochs 2 --n-patches 8 --bs 4
done
cerebsr apply "$out/run/model.safetensors" "$out/lr.nii.gz" "$out/sr.nii.gz"
cerebsr evaluate "$out/people" --models "$out/run/model.safetensors" --split test --out "$out/results.csv"
cerebsr segment "$t1" --out "$out/segmentation" --method labels \
  --labels "$out/people/derivatives/cerebellum/sub-01/anat/sub-01_desc-cerebellum_mask.nii.gz"
cerebsr experiment quick --out "$out/quick" --threads 1
cerebsr experiment quick --out "$out/quick" --threads 1 | grep -q "9 skipped"      # nothing is done twice
python - "$out" <<'P'
import json, sys
from pathlib import Path
import numpy as np, pandas as pd
from cerebsr.core import load_volume
out = Path(sys.argv[1])
names = 'people/sub-01/anat/sub-01_T1w', 'lr', 'sr'
(hr,a),(lr,b),(sr,c) = (load_volume(out/f'{o}.nii.gz') for o in names)
assert hr.shape==lr.shape==sr.shape and np.allclose(a,b) and np.allclose(a,c), 'the grid changed on the way'
assert 0<np.abs(lr-hr).max() and np.isfinite(sr).all(), 'LR equals HR, or SR is not finite'
table = pd.read_csv(out/'results.csv')
assert set(table.region)=={'brain','cerebellum'} and table.psnr.between(5, 80).all(), table
records = list(out.rglob('*.json')); assert len(records)>=4, records
for o in records: json.loads(o.read_text())
runs = pd.read_csv(out/'quick'/'results.csv')
assert runs.run.nunique()==9 and runs.value.notna().all(), runs
leftover = [o for o in out.rglob('.*') if o.is_file()]; assert not leftover, leftover
print(f'{len(table)} rows, {len(records)} records: the whole job runs')
P
