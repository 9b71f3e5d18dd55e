"One training step of mDCSRN: by the book, accumulated, and with blocks computed again, interleaved; writes nbs/results/network.json."
import json, platform, resource, subprocess, sys, time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from cerebsr.core import atomic_path
from cerebsr.models import MDCSRN

threads, bs, rounds, edge = 2, 4, 7, 32
last = dict(memory_format=torch.channels_last_3d)


class Plain(MDCSRN):
    "mDCSRN by the book: concatenate, then convolve; nothing is written over"
    def __init__(self):
        super().__init__()
        for block in self.blocks:
            for unit in block.units: unit[1] = nn.ELU()

    def forward(self, x):
        found = [self.first(x)]
        for i, block in enumerate(self.blocks): found.append(block(self.compress[i-1](torch.cat(found, 1)) if i else found[0]))
        return self.last(torch.cat(found, 1))


def step(net, x):
    net.zero_grad()
    nn.functional.l1_loss(net(x), x).backward()


def seconds(net, x):
    start = time.perf_counter()
    step(net, x)
    return time.perf_counter() - start


def kept(net, x):
    "MiB kept for the backward pass, each storage once, weights left out"
    weights, found = {p.untyped_storage().data_ptr() for p in [*net.parameters(), *net.buffers()]}, {}
    def pack(t):
        found[t.untyped_storage().data_ptr()] = t
        return t
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t): net(x)
    return sum(t.untyped_storage().nbytes() for a, t in found.items() if a not in weights)/2**20


def peak(n):
    "GiB that a process of its own takes for a step on `n` patches, blocks computed again"
    out = subprocess.run([sys.executable, __file__, str(n)], check=True, capture_output=True, text=True).stdout
    return float(out.split()[-1])


torch.set_num_threads(threads)
torch.manual_seed(0)
if len(sys.argv) > 1:                                                       # the process that `peak` starts
    step(MDCSRN(checkpoint=True).to(**last), torch.rand(int(sys.argv[1]), 1, edge, edge, edge))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20)
    sys.exit()

x = torch.rand(bs, 1, edge, edge, edge)
nets = {"plain": Plain(), "plain, channels last": Plain().to(**last), "accumulated": MDCSRN(), "accumulated, channels last": MDCSRN().to(**last),
        "recomputed, channels last": MDCSRN(checkpoint=True).to(**last)}
MiB = {k: kept(net, x) for k, net in nets.items()}
MiB["recomputed, channels last"] += kept(MDCSRN().blocks[0], torch.rand(bs, 32, edge, edge, edge)) - 32*x.numel()*4/2**20  # one block at a time
for net in nets.values(): step(net, x)                                      # warm up
times = np.array([[seconds(net, x) for net in nets.values()] for _ in range(rounds)])
middle, best = dict(zip(nets, np.median(times, 0))), dict(zip(nets, times.min(0)))
ratio = dict(zip(nets, np.median(times[:, :1]/times, 0)))                   # within a round: what else runs on the machine slows all
steps = [dict(network=k, seconds=round(middle[k], 2), fastest=round(best[k], 2), times_faster=round(ratio[k], 2), kept_MiB=round(MiB[k])) for k in nets]
cpu = next((o.split(": ")[1] for o in Path("/proc/cpuinfo").read_text().splitlines() if o.startswith("model name")), platform.processor())
result = dict(command="python benchmarks/network.py", unit=f"one training step on {bs} patches of {edge}^3, float32, median of interleaved rounds", rounds=rounds,
              machine=f"{cpu}, {threads} threads", steps=steps, peak_GiB_of_64_recomputed=round(peak(64), 1), versions=dict(torch=torch.__version__))
with atomic_path(Path(__file__).resolve().parent.parent/"nbs"/"results"/"network.json") as tmp: tmp.write_text(json.dumps(result, indent=1) + "\n")
print(json.dumps(result, indent=1))
