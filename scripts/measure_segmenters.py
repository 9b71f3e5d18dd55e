"""Dice, seconds, memory and install size of the segmenters on people whom none was made from: measure_segmenters.py
DATA [METHOD ...], with DATA the folder of real volumes.

Each scan is segmented in a process of its own, one thread: stripped, as it is, and in the head of Colin27, whose own
brain was taken out (by deepbet: pip install '.[brain]'). The masks that come with the people are a network's (see
nbs/04_regions.ipynb), so this is agreement, not accuracy; the brains are the scans' own zeros. Colin himself is
measured against AAL, closed and filled. Writes nbs/results/segmenters.csv, after each scan, and segmenter_sizes.csv;
what is in the first is not measured again.
"""
import multiprocessing, re, sys, tempfile, time
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
from scipy import ndimage as ndi

from cerebsr.core import atomic_path, load_volume, save_volume, voxel_size

data = Path(sys.argv[1])
results = Path(__file__).resolve().parent.parent/"nbs"/"results"
BRAIN_ONLY = ("deepbet", "brainextractor")


def cases():
    "Name, set, scan and mask of everybody to be measured"
    from cerebsr.people import find_subjects
    for s in find_subjects(data/"ds002748"):
        if s.split in ("val", "test"): yield s.name, s.split, s.t1w, s.cerebellum
    folder = data/"niimath"
    masks = [p for p in sorted(folder.rglob("*.nii.gz")) if "mask" in p.name or "cerebellum" in p.name]
    scans = [p for p in sorted(folder.rglob("*.nii.gz")) if p not in masks]
    yield "niimath", "niimath", scans[0], masks[0]
    yield "colin27", "colin27", data/"colin27"/"colin27_T1w.nii.gz", data/"colin27"/"colin27_aal.nii.gz"


def to_template(vol, affine):
    "Matrix from a stripped brain's millimeters to the template's"
    from cerebsr.segmentation.atlas import affine_matrix, register
    return affine_matrix(register(vol, affine, bend=False)["transform"])


def in_colins_head(vol, affine, masks, name):
    "The stripped brain `vol` in Colin27's head, on a larger grid: scan, affine, masks"
    import torch

    from cerebsr.segmentation.brain import extract_brain
    from cerebsr.segmentation.disguise import transplant
    colin, colin_affine = load_volume(data/"colin27"/"colin27_T1w.nii.gz")
    hole = extract_brain(colin, colin_affine, "deepbet")
    place = np.linalg.inv(to_template(np.where(hole, colin, 0), colin_affine)@colin_affine)@to_template(vol, affine)
    order = nib.io_orientation(affine)[:, 0].astype(int)
    margin = np.ceil(np.array((30, 35, 45))[order]/voxel_size(affine)).astype(int)
    pad = lambda v: np.pad(v, [(m, m) for m in margin])
    vol, masks, affine = pad(vol), [pad(m) for m in masks], affine@nib.affines.from_matvec(np.eye(3), -margin)
    matrix = place@affine
    head = [
        ndi.affine_transform(v.astype(np.float32), matrix[:3, :3], matrix[:3, 3], vol.shape, order=1)
        for v in (colin / np.percentile(colin[hole], 95), hole)
    ]
    scale = np.percentile(vol[masks[0]], 95)
    rng = np.random.default_rng(sum(map(ord, name)))
    made = transplant(
        rng,
        torch.from_numpy(vol / scale),
        torch.from_numpy(masks[0].astype(np.float32)),
        torch.from_numpy(np.stack(head)),
    )
    return (made.numpy()*scale).astype(np.float32), affine, masks


def measure(scan, masks, method, queue):
    "One row: runs in a process of its own"
    import torch

    from cerebsr.segmentation.brain import extract_brain
    from cerebsr.regions import dice
    from cerebsr.segmentation.segment import segment
    torch.set_num_threads(1)
    vol, affine = load_volume(scan)
    brain, cerebellum = (load_volume(m)[0] > 0 if m else None for m in masks)
    start, cpu = time.perf_counter(), time.process_time()
    found = (
        dict(brain=extract_brain(vol, affine, method))
        if method in BRAIN_ONLY
        else segment(vol, affine, method, check=None)
    )
    row = dict(
        seconds=round(time.perf_counter() - start, 1),
        cpu_seconds=round(time.process_time() - cpu, 1),
        gigabytes=round(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 2**20, 2),
    )
    if "cerebellum" in found:
        row |= dict(
            cerebellum=round(dice(found["cerebellum"], cerebellum), 4),
            volume_ratio=round(float(found["cerebellum"].sum() / cerebellum.sum()), 3),
        )
    if brain is not None: row["brain"] = round(dice(found["brain"], brain), 4)
    queue.put(row)


def needs(name, seen=()):
    "Names of a package and of all that it needs"
    name = re.sub(r"[-_.]+", "-", name).lower()
    if name in seen: return set()
    try: d = distribution(name)
    except PackageNotFoundError: return set()
    got = {name}
    for r in d.requires or []:
        if "extra ==" not in r: got |= needs(re.match(r"[\w.-]+", r)[0], got | set(seen))
    return got


def sizes():
    "What each method adds to an installation of cerebsr, in MB, and its license"
    base = needs("cerebsr")
    files = lambda names: sum(
        f.locate().stat().st_size for n in names for f in distribution(n).files or [] if f.locate().is_file()
    )
    own = results.parent.parent/"cerebsr"/"data"
    ours = lambda pattern: sum(f.stat().st_size for f in own.glob(pattern))
    rows = [
        dict(
            method="unet",
            megabytes=ours("unet_*") / 1e6,
            license=metadata("cerebsr")["License-Expression"] or metadata("cerebsr")["License"],
        ),
        dict(method="atlas", megabytes=(ours("*") + files(["simpleitk"])) / 1e6, license="Apache-2.0 (SimpleITK)"),
    ]
    for name in BRAIN_ONLY:
        m = metadata(name)
        rows.append(
            dict(
                method=name, megabytes=files(needs(name) - base) / 1e6, license=m["License-Expression"] or m["License"]
            )
        )
    pd.DataFrame(rows).round(1).to_csv(results/"segmenter_sizes.csv", index=False)


if __name__ == "__main__":
    context, out = multiprocessing.get_context("spawn"), results/"segmenters.csv"
    rows = pd.read_csv(out).to_dict("records") if out.exists() else []
    done = {(r["person"], r["head"], r["method"]) for r in rows}
    methods = sys.argv[2:] or ("unet", "atlas", *BRAIN_ONLY)
    for name, kind, t1w, mask in cases():
        for head in ("whole head",) if name == "colin27" else ("stripped", "Colin's head"):
            todo = [
                m for m in methods if (name, head, m) not in done and not (m in BRAIN_ONLY and head != "Colin's head")
            ]
            if not todo: continue
            vol, affine = load_volume(t1w)
            truth = load_volume(mask)[0]
            cerebellum = (
                ndi.binary_fill_holes(ndi.binary_closing(truth >= 91, iterations=4)) if name == "colin27" else truth > 0
            )
            masks = [None, cerebellum] if name == "colin27" else [ndi.binary_fill_holes(vol > 0), cerebellum]
            if head == "Colin's head": vol, affine, masks = in_colins_head(vol, affine, masks, name)
            with tempfile.TemporaryDirectory() as tmp:
                put = lambda v, k: save_volume(Path(tmp)/f"{k}.nii.gz", v, affine) if v is not None else None
                scan, files = put(vol, "scan"), [put(m, k) for m, k in zip(masks, ("brain", "cerebellum"))]
                for method in todo:
                    queue = context.Queue()
                    p = context.Process(target=measure, args=(scan, files, method, queue))
                    p.start(), p.join()
                    if p.exitcode: raise SystemExit(f"{name}, {head}, {method}: stopped with code {p.exitcode}")
                    rows.append(dict(person=name, set=kind, head=head, method=method) | queue.get())
                    print(rows[-1], flush=True)
                    with atomic_path(out) as tmp_out: pd.DataFrame(rows).to_csv(tmp_out, index=False)
    sizes()
