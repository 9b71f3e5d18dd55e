"`simulate_lr` against three-axis `numpy.fft`, `ssim` against scikit-image's, interleaved, at an HCP volume's size; writes nbs/results/arrays.json."
import json, os, time, tracemalloc
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.metrics import structural_similarity

from cerebsr.core import atomic_path
from cerebsr.kspace import from_kspace, kspace_mask, simulate_lr, to_kspace
from cerebsr.metrics import ssim

rounds, shape = 5, (260, 311, 260)
hr = gaussian_filter(np.random.default_rng(0).random(shape, np.float32), 1.5)
hr = (hr - hr.min())/np.ptp(hr)
lr = simulate_lr(hr, output="real")
tasks = {
    "numpy.fft, three axes, float64": lambda: np.abs(from_kspace(to_kspace(hr.astype(float))*kspace_mask(shape))),
    "simulate_lr, magnitude": lambda: simulate_lr(hr),
    "simulate_lr, real part": lambda: simulate_lr(hr, output="real"),
    "scikit-image, float32": lambda: structural_similarity(hr, lr, data_range=1.),
    "ssim, float32": lambda: ssim(hr, lr, data_range=1.),
    "scikit-image, float64": lambda: structural_similarity(hr.astype(float), lr.astype(float), data_range=1.),
    "ssim, float64": lambda: ssim(hr.astype(float), lr.astype(float), data_range=1.),
}


def seconds(f):
    start = time.perf_counter()
    f()
    return time.perf_counter() - start


def memory(f):
    tracemalloc.start()
    f()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak/hr.nbytes


table = [{k: seconds(f) for k, f in tasks.items()} for _ in range(rounds)]
median = {k: float(np.median([row[k] for row in table])) for k in tasks}
names = list(tasks)
pairs = [(names[1], names[0]), (names[2], names[0]), (names[4], names[3]), (names[6], names[5])]
result = dict(command="python benchmarks/arrays.py", unit="times faster, medians of interleaved rounds", shape=shape, rounds=rounds, cpus=os.cpu_count(),
              ratio={a: round(median[b]/median[a], 1) for a, b in pairs}, seconds={k: round(v, 3) for k, v in median.items()},
              memory={k: round(memory(tasks[k]), 2) for k in names[1:3]}, versions={p: version(p) for p in ("numpy", "scikit-image")})
with atomic_path(Path(__file__).resolve().parent.parent/"nbs"/"results"/"arrays.json") as tmp: tmp.write_text(json.dumps(result, indent=1) + "\n")
print(json.dumps(result, indent=1))
