"""Dice, seconds and memory of the segmenters on people whom neither was made from: measure_segmenters.py DATA [METHOD ...], with DATA the folder of real volumes.

Each scan is segmented in a process of its own, one thread, as it is (stripped) and with a made-up head around the brain. The masks that come with the people are a
network's (see nbs/03_regions.ipynb), so this is agreement, not accuracy. Colin27 is a whole head; AAL's cerebellum is closed and filled first.
Writes nbs/results/segmenters.csv, after each scan; what is in it is not measured again.
"""
import multiprocessing, resource, sys, time
from pathlib import Path

import numpy as np
import pandas as pd

from cerebsr.core import atomic_path, load_volume

data = Path(sys.argv[1])
out = Path(__file__).resolve().parent.parent/"nbs"/"results"/"segmenters.csv"


def cases():
    "Name, set, scan and mask of everybody to be measured"
    from cerebsr.data import find_subjects
    for s in find_subjects(data/"ds002748"):
        if s.split in ("val", "test"): yield s.name, s.split, s.t1w, s._cerebellum
    folder = data/"niimath"
    masks = [p for p in sorted(folder.rglob("*.nii.gz")) if "mask" in p.name or "cerebellum" in p.name]
    scans = [p for p in sorted(folder.rglob("*.nii.gz")) if p not in masks]
    yield "niimath", "niimath", scans[0], masks[0]
    yield "colin27", "colin27", data/"colin27"/"colin27_T1w.nii.gz", data/"colin27"/"colin27_aal.nii.gz"


def measure(name, t1w, mask, head, method, queue):
    "One row: runs in a process of its own"
    import torch
    from scipy import ndimage as ndi

    from cerebsr.core import voxel_size
    from cerebsr.regions import dice, segment
    from cerebsr.segmenter import head_around
    torch.set_num_threads(1)
    vol, affine = load_volume(t1w)
    truth = load_volume(mask)[0]
    if name == "colin27":
        cerebellum, brain = ndi.binary_fill_holes(ndi.binary_closing(truth >= 91, iterations=4)), None
    else: cerebellum, brain = truth > 0, ndi.binary_fill_holes(vol > 0)
    if head == "made-up head":
        dist = ndi.distance_transform_edt(~brain, sampling=voxel_size(affine)).astype(np.float32) - .5
        scale = np.percentile(vol[vol > 0], 99)
        vol = head_around(np.random.default_rng(sum(map(ord, name))), torch.from_numpy(vol/scale), torch.from_numpy(dist)).numpy()*scale
    start, cpu = time.perf_counter(), time.process_time()
    found = segment(vol, affine, method, check=None)
    queue.put(dict(seconds=round(time.perf_counter() - start, 1), cpu_seconds=round(time.process_time() - cpu, 1),
                   gigabytes=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20, 2), cerebellum=round(dice(found["cerebellum"], cerebellum), 4),
                   brain=round(dice(found["brain"], brain), 4) if brain is not None else None, volume_ratio=round(float(found["cerebellum"].sum()/cerebellum.sum()), 3)))


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    rows = pd.read_csv(out).to_dict("records") if out.exists() else []
    done = {(r["person"], r["head"], r["method"]) for r in rows}
    for name, kind, t1w, mask in cases():
        for head in ("whole head",) if name == "colin27" else ("stripped", "made-up head"):
            for method in sys.argv[2:] or ("atlas", "unet"):
                if (name, head, method) in done: continue
                queue = context.Queue()
                p = context.Process(target=measure, args=(name, t1w, mask, head, method, queue))
                p.start(), p.join()
                if p.exitcode: raise SystemExit(f"{name}, {head}, {method}: stopped with code {p.exitcode}")
                rows.append(dict(person=name, set=kind, head=head, method=method) | queue.get())
                print(rows[-1], flush=True)
                with atomic_path(out) as tmp: pd.DataFrame(rows).to_csv(tmp, index=False)
