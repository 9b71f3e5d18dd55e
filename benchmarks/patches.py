"Patches per second: `sr_dls` against TorchIO's `Queue` over its `UniformSampler`, interleaved; writes nbs/results/patches.json."
import json, time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
import torchio as tio

from cerebsr.core import atomic_path, load_mni152
from cerebsr.data import Subject, sr_dls

vol, affine = load_mni152(resolution=1)
blob = np.zeros(vol.shape, bool)
blob[50:150, 30:80, 20:70] = True
*people, bob = (Subject(f"s{i}", vol, blob & (vol > 0), affine=affine) for i in range(5))
n, bs, rounds = 640, 64, 5
dls = sr_dls(people, [bob], sampler="conventional", n_patches=n, bs=bs, n_valid=2, device="cpu")

image = lambda v: tio.ScalarImage(tensor=torch.from_numpy(v)[None])   # in memory, like ours
study = tio.SubjectsDataset([tio.Subject(lr=image(s.lr()), hr=image(s.hr)) for s in people*16])  # 64 volumes x 10 patches


def ours():
    for lr, hr in dls.train: pass


def theirs():
    queue = tio.Queue(study, max_length=300, samples_per_volume=10, sampler=tio.UniformSampler(32), num_workers=0)
    for batch in tio.SubjectsLoader(queue, batch_size=bs, num_workers=0): lr, hr = batch["lr"][tio.DATA], batch["hr"][tio.DATA]


def rate(f):
    start = time.perf_counter()
    f()
    return n/(time.perf_counter() - start)


rates = np.array([(rate(ours), rate(theirs)) for _ in range(rounds)])
a, b = np.median(rates, 0)
result = dict(command="python benchmarks/patches.py", unit="LR/HR pairs of 32^3 per second, median of interleaved rounds", rounds=rounds,
              cerebsr=round(a), torchio=round(b), ratio=round(a/b, 1), versions={p: version(p) for p in ("torch", "torchio")})
with atomic_path(Path(__file__).resolve().parent.parent/"nbs"/"results"/"patches.json") as tmp: tmp.write_text(json.dumps(result, indent=1) + "\n")
print(json.dumps(result, indent=1))
