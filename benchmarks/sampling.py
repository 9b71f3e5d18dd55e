"""LR/HR pairs of 32^3, up to batches of 64: `sr_dls` against TorchIO's queue and MONAI's random crops, all from
memory, without worker processes.

640 pairs from 80 volumes, eight of each; drawing is part of the task, everywhere. TorchIO fills its queue, MONAI
searches labels, as they do at the start of every epoch.
"""
from itertools import count

import numpy as np
import torch

from cerebsr.batches import sr_dls
from cerebsr.people import Subject
from degrade import volume

unit, sizes, requires = "640 LR/HR pairs of 32^3 in batches of 64", (64, 96, 192, 224), ("torchio", "monai")
ours, balanced = "cerebsr, conventional", "cerebsr, balanced"
label, crops = "MONAI, RandCropByPosNegLabel", "MONAI, RandSpatialCropSamples"
pairs = [
    (ours, "TorchIO, UniformSampler", 10),
    (balanced, "TorchIO, LabelSampler", 35),
    (balanced, label, 18),
    (balanced, label + ", indices cached", 18),
    (balanced, label + ", indices cached, no metadata", None),
    (ours, crops + ", no metadata", 2),
    (ours, crops, None),
]
n, bs, each = 640, 64, 8


def epoch(loader, numbers=count()):
    loader.set_epoch(next(numbers))
    for lr, hr in loader: pass


def study(size):
    "Five people, four to draw from: a volume each, its LR, and a cerebellum of a hundredth of it"
    hr, mask = volume(size), np.zeros((size,)*3, bool)
    mask[tuple(slice(size//3, size//3 + round(size*.215)) for _ in range(3))] = True
    return [Subject(f"s{i}", hr, mask, np.ones_like(mask), np.diag([1., 1, 1, 1])) for i in range(5)]


def torchio_tasks(people):
    import torchio as tio
    tensor = lambda v: torch.from_numpy(np.array(v))[None]
    subjects = tio.SubjectsDataset(
        [
            tio.Subject(
                lr=tio.ScalarImage(tensor=tensor(s.lr())),
                hr=tio.ScalarImage(tensor=tensor(s.hr)),
                mask=tio.LabelMap(tensor=tensor(s.regions["cerebellum"]).byte()),
            )
            for s in people * (n // each // len(people))
        ]
    )
    def run(sampler):
        queue = tio.Queue(subjects, max_length=320, samples_per_volume=each, sampler=sampler, num_workers=0)
        for batch in tio.SubjectsLoader(queue, batch_size=bs, num_workers=0):
            batch["lr"][tio.DATA], batch["hr"][tio.DATA]
    return {
        "TorchIO, UniformSampler": lambda: run(tio.UniformSampler(32)),
        "TorchIO, LabelSampler": lambda: run(tio.LabelSampler(32, "mask")),
    }


def monai_tasks(people):
    "Each transform gets the keys that it needs and no other: MONAI copies those that it does not use, too"
    from monai.data import DataLoader, Dataset, MetaTensor, list_data_collate, set_track_meta
    from monai.transforms import FgBgToIndicesd, RandCropByPosNegLabeld, RandSpatialCropSamplesd
    def run(transform, meta, mask=None):
        set_track_meta(meta)
        make = MetaTensor if meta else torch.as_tensor
        data = [
            {
                k: make(torch.from_numpy(np.array(v))[None])
                for k, v in dict(
                    lr=s.lr(), hr=s.hr, **({} if mask is None else dict(mask=s.regions["cerebellum"].astype(np.uint8)))
                ).items()
            }
            for s in people
        ]
        if mask == "cached": data = [{k: v for k, v in FgBgToIndicesd("mask")(d).items() if k != "mask"} for d in data]
        def task():
            set_track_meta(meta)
            for batch in DataLoader(
                Dataset(data * (n // each // len(people)), transform),
                batch_size=bs // each,
                num_workers=0,
                collate_fn=list_data_collate,
            ):
                batch["lr"], batch["hr"]
        return task
    args = dict(spatial_size=(32,)*3, pos=1, neg=1, num_samples=each)
    bare = RandSpatialCropSamplesd(("lr", "hr"), roi_size=(32,)*3, num_samples=each, random_size=False)
    searched = RandCropByPosNegLabeld(("lr", "hr"), label_key="mask", **args)
    # the label gives the shape alone
    cached = RandCropByPosNegLabeld(
        ("lr", "hr"), label_key="hr", fg_indices_key="mask_fg_indices", bg_indices_key="mask_bg_indices", **args
    )
    return {
        label: run(searched, True, "searched"),
        label + ", indices cached": run(cached, True, "cached"),
        label + ", indices cached, no metadata": run(cached, False, "cached"),
        crops: run(bare, True),
        crops + ", no metadata": run(bare, False),
    }


def tasks(size):
    *people, other = study(size)
    dls = {
        k: sr_dls(people, [other], sampler=k, n_patches=n, bs=bs, n_valid=2, device="cpu").train
        for k in ("conventional", "balanced")
    }
    return (
        {ours: lambda: epoch(dls["conventional"]), balanced: lambda: epoch(dls["balanced"])}
        | torchio_tasks(people)
        | monai_tasks(people)
    )
