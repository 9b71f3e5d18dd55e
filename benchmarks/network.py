"""One training step of mDCSRN: by the book, accumulated, and with blocks computed again.

`python benchmarks/network.py N` takes one step on N patches of 32^3, blocks computed again, and prints the peak memory
of its process in GiB.
"""
import re, subprocess, sys
from pathlib import Path

import torch
from torch import nn

from cerebsr.models import MDCSRN
from plain import Plain

bs = 2
unit, sizes, requires = (
    f"one training step on {bs} patches, float32; the size is the patch's edge",
    (16, 24, 32, 40),
    (),
)
pairs = [
    ("accumulated, channels last", "by the book", 2),
    ("accumulated", "by the book", None),
    ("by the book, channels last", "by the book", None),
    ("recomputed, channels last", "by the book", None),
]
last = dict(memory_format=torch.channels_last_3d)
nets = {
    "by the book": lambda: Plain(inplace=False),
    "by the book, channels last": lambda: Plain(inplace=False).to(**last),
    "accumulated": MDCSRN,
    "accumulated, channels last": lambda: MDCSRN().to(**last),
    "recomputed, channels last": lambda: MDCSRN(recompute=True).to(**last),
}


def step(net, x):
    net.zero_grad()
    nn.functional.l1_loss(net(x), x).backward()


def tasks(edge):
    torch.manual_seed(0)
    x = torch.rand(bs, 1, edge, edge, edge)
    return {k: lambda net=make(): step(net, x) for k, make in nets.items()}


def kept(net, x):
    "MiB kept for the backward pass of one patch, each storage once, weights left out"
    weights, found = {p.untyped_storage().data_ptr() for p in [*net.parameters(), *net.buffers()]}, {}
    def pack(t):
        found[t.untyped_storage().data_ptr()] = t
        return t
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t): net(x)
    return round(sum(t.untyped_storage().nbytes() for a, t in found.items() if a not in weights)/2**20/len(x))


def extra():
    "Memory kept for each patch, and the peak of a process that takes a step on the paper's batch"
    x = torch.rand(bs, 1, 32, 32, 32)
    MiB = {k: kept(make(), x) for k, make in nets.items()}
    # one block at a time
    MiB["recomputed, channels last"] += kept(MDCSRN().blocks[0], torch.rand(bs, 32, 32, 32, 32)) - 4
    out = subprocess.run([sys.executable, __file__, "64"], check=True, capture_output=True, text=True).stdout
    return dict(kept_MiB_of_a_patch=MiB, peak_GiB_of_64_recomputed=round(float(out.split()[-1]), 1))


if __name__ == "__main__":
    step(MDCSRN(recompute=True).to(**last), torch.rand(int(sys.argv[1]), 1, 32, 32, 32))
    # `ru_maxrss` would count the parent
    print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])/2**20)
