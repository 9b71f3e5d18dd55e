"""A volume through the full mDCSRN: MONAI's sliding window over the network by the book, against ours, exact, fast and
by OpenVINO.

`python benchmarks/inference.py 160x192x160` runs each once, at that size, after a small volume that does not count, in
processes of their own; it writes nbs/results/inference.json: seconds, the peak memory of each process, and the largest
difference from ours exact.
"""
import json, re, subprocess, sys, tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from cerebsr.core import atomic_path
from cerebsr.inference import super_resolve
from cerebsr.models import MDCSRN
from harness import machine, seconds, versions
from plain import Plain

unit, sizes, requires, rounds = (
    "one cube through mDCSRN b4u4, float32; MONAI with windows of 64 and the same overlap",
    (40, 56, 72, 80),
    ("monai", "openvino"),
    2,
)
pairs = [
    ("torch, exact", "MONAI, plain", 2),
    ("OpenVINO, exact", "MONAI, plain", 2.7),
    ("torch, fast", "torch, exact", None),
]


def network(cls):
    "The same weights for every class, with a normalization that does something"
    torch.manual_seed(0)
    net = cls().eval()
    for m in net.modules():
        if isinstance(m, nn.BatchNorm3d): m.running_mean.normal_(0, .1), m.running_var.uniform_(.5, 2)
    return net


def monai(lr):
    from monai.inferers import sliding_window_inference
    net = network(Plain)
    with torch.inference_mode():
        return sliding_window_inference(
            torch.from_numpy(lr)[None, None], (64,) * 3, 1, net, overlap=2 * net.halo / 64, mode="constant"
        )[0, 0].numpy()


def ours(**kwargs):
    return lambda lr: super_resolve(network(MDCSRN), lr, scale=1, device="cpu", progress=False, **kwargs)


ways = {
    "MONAI, plain": monai,
    "torch, exact": ours(),
    "torch, fast": ours(how="fast"),
    "OpenVINO, exact": ours(backend="openvino"),
}


def volume(shape): return np.random.default_rng(0).random(shape, np.float32)


def tasks(n):
    lr = volume((n,)*3)
    return {k: lambda f=f: f(lr) for k, f in ways.items()}


def alone(name, shape):
    "Seconds, peak GB and result of one way in a process of its own"
    with tempfile.TemporaryDirectory() as d:
        out = subprocess.run(
            [sys.executable, __file__, "x".join(map(str, shape)), name, f"{d}/sr.npy"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        return float(out[-2]), float(out[-1]), np.load(f"{d}/sr.npy")


if __name__ == "__main__":
    shape = tuple(int(n) for n in sys.argv[1].split("x"))
    # the process that `alone` starts
    if len(sys.argv) > 2:
        lr, found = volume(shape), []
        ways[sys.argv[2]](lr[:40, :40, :40])
        took = seconds(lambda: found.append(ways[sys.argv[2]](lr)))
        np.save(sys.argv[3], found[0])
        # `ru_maxrss` would count the parent
        sys.exit(print(took, int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])*1024/1e9))
    rows, exact = [], None
    names = list(ways) if np.prod(shape) < 6e6 else ["torch, exact"]
    for name in sorted(names, key=lambda k: k != "torch, exact"):
        took, GB, sr = alone(name, shape)
        exact = sr if exact is None else exact
        rows.append(
            dict(
                way=name,
                seconds=round(took, 1),
                peak_GB=round(GB, 2),
                largest_difference=float(np.abs(sr - exact).max()),
            )
        )
        print(rows[-1], flush=True)
    file = Path(__file__).resolve().parent.parent/"nbs"/"results"/"inference.json"
    known = json.loads(file.read_text()) if file.is_file() else {}
    known[sys.argv[1]] = dict(
        ways=rows,
        machine=machine(),
        threads=torch.get_num_threads(),
        command=f"python benchmarks/inference.py {sys.argv[1]}",
        versions=versions("torch", "monai", "openvino"),
    )
    with atomic_path(file) as tmp: tmp.write_text(json.dumps(known, indent=1) + "\n")
