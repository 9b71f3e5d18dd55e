"""A training step of the full mDCSRN on a GPU: by the book in float32, and as `train` runs it; writes
nbs/results/gpu.json.

The paper's batch, 64 patches of 32^3. Medians of interleaved rounds; the time to put a batch together is measured
beside it, and the card's own rate by a product of two bf16 matrices.
"""
import json, sys, time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from cerebsr.core import atomic_path
from cerebsr.models import MDCSRN
from plain import Plain

bs, edge, rounds, inner = 64, 32, 5, 4
# forward and backward of one patch (nbs/08_models.ipynb counts the forward)
GFLOP = 3*26.9
last = dict(memory_format=torch.channels_last_3d)


def timed(work, n=inner):
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(n): work()
    torch.cuda.synchronize()
    return (time.perf_counter() - start)/n


def step(net, opt, bf16):
    x = torch.rand(bs, 1, edge, edge, edge, device="cuda")
    def work():
        opt.zero_grad()
        with torch.autocast("cuda", torch.bfloat16, enabled=bf16): loss = nn.functional.l1_loss(net(x), x)
        loss.backward()
        opt.step()
    return work


torch.backends.cudnn.benchmark = True
torch.manual_seed(0)
nets = {
    "plain, float32": (Plain(), False, False),
    "plain, bfloat16": (Plain(), True, False),
    "accumulated, float32, channels last": (MDCSRN(), False, True),
    "accumulated, bfloat16": (MDCSRN(), True, False),
    "accumulated, bfloat16, channels last": (MDCSRN(), True, True),
    "accumulated, bfloat16, channels last, compiled": (MDCSRN(), True, True),
}
nets["accumulated, bfloat16, channels last, compiled"][0].compile()
works, peak = {}, {}
for name, (net, bf16, cl) in nets.items():
    net = net.cuda().to(**last) if cl else net.cuda()
    works[name] = step(net, torch.optim.Adam(net.parameters(), 1e-4), bf16)
    torch.cuda.empty_cache(), torch.cuda.reset_peak_memory_stats()
    timed(works[name], 2)
    peak[name] = torch.cuda.max_memory_allocated()/2**30
times = np.array([[timed(w) for w in works.values()] for _ in range(rounds)])
a, b = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))
timed(lambda: a@b)
rate = 2*8192**3/timed(lambda: a@b, 10)/1e12
rows = [
    dict(
        step=k,
        seconds=round(t, 4),
        times_faster=round(float(np.median(times[:, 0] / times[:, i])), 2),
        patches_per_second=round(bs / t),
        TFLOPs=round(bs * GFLOP / t / 1e3, 1),
        share_of_matrix_rate=round(bs * GFLOP / t / 1e3 / rate, 4),
        peak_GiB=round(peak[k], 1),
    )
    for i, (k, t) in enumerate(zip(works, np.median(times, 0)))
]
out = dict(
    command="python benchmarks/gpu.py",
    unit=f"one training step on {bs} patches of {edge}^3, Adam, median of {rounds} interleaved rounds",
    machine=torch.cuda.get_device_name(),
    bf16_matrix_TFLOPs=round(rate),
    steps=rows,
    versions=dict(torch=torch.__version__),
)
if len(sys.argv) > 1:                                  # a study: how long does it take to put a batch of it together?
    from cerebsr.batches import sr_dls
    from cerebsr.people import find_subjects, split_subjects
    split = split_subjects(find_subjects(sys.argv[1]))
    start = time.perf_counter()
    loaders = {
        place: sr_dls(split["train"], split["val"], n_patches=64 * 40, bs=64, device="cuda", place=place).train
        for place in ("host", "device")
    }
    out["seconds_to_prepare_the_study_twice"] = round(time.perf_counter() - start, 1)
    for place, dl in loaders.items():
        batches = iter(dl)
        next(batches)
        seconds = float(np.median([timed(lambda: next(batches), 1) for _ in range(30)]))
        out[f"batch_on_{place}"] = dict(
            seconds=round(seconds, 5), share_of_a_step=round(seconds / min(r["seconds"] for r in rows), 4)
        )
with atomic_path(Path(__file__).resolve().parent.parent / "nbs" / "results" / "gpu.json") as tmp:
    tmp.write_text(json.dumps(out, indent=1) + "\n")
print(json.dumps(out, indent=1))
