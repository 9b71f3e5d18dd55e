"`simulate_lr` against the three-axis `numpy.fft` in double precision that tutorials use."
import tracemalloc

import numpy as np
from scipy.ndimage import gaussian_filter

from cerebsr.kspace import from_kspace, kspace_mask, simulate_lr, to_kspace

unit, sizes, requires = "one volume, factor 4", (64, 96, 256, 320), ()
pairs = [
    ("simulate_lr, magnitude", "numpy.fft, three axes", None),
    ("simulate_lr, real part", "numpy.fft, three axes", None),
]


def volume(n):
    v = gaussian_filter(np.random.default_rng(0).random((n, n, n), np.float32), 1.5)
    return (v - v.min())/np.ptp(v)


def tasks(n):
    hr = volume(n)
    return {
        "numpy.fft, three axes": lambda: np.abs(from_kspace(to_kspace(hr.astype(float)) * kspace_mask(hr.shape))),
        "simulate_lr, magnitude": lambda: simulate_lr(hr),
        "simulate_lr, real part": lambda: simulate_lr(hr, output="real"),
    }


def extra():
    "Peak memory over the volume's own, the result included"
    hr = volume(192)
    def peak(f):
        tracemalloc.start()
        f()
        p = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return round(p/hr.nbytes, 2)
    return dict(memory={k: peak(f) for k, f in tasks(192).items() if "simulate" in k})
