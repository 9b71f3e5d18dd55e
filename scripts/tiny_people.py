"""tiny_people.py FOLDER: a BIDS-like folder of four small made-up people (MNI152 at 3 mm, stretched and dimmed at
random), with masks."""
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.ndimage import affine_transform, gaussian_filter

from cerebsr.core import load_mni152, save_volume

folder = Path(sys.argv[1])
vol, affine = load_mni152(resolution=3)
rows = []
for i, split in enumerate(("train", "train", "val", "test")):
    rng, name = np.random.default_rng(i), f"sub-{i+1:02d}"
    zoom = np.diag(rng.uniform(1, 1.1, 3))
    warp = lambda v: affine_transform(v, zoom, offset=rng.uniform(-1, 1, 3), order=1)
    hr = warp(vol) * rng.uniform(300, 900)
    x, y, z = np.meshgrid(*[np.arange(n) for n in vol.shape], indexing="ij")
    world = np.stack([x, y, z], -1) @ affine[:3, :3].T + affine[:3, 3]
    ball = (((world - [0, -62, -33]) / [52, 32, 24])**2).sum(-1) < 1   # where the cerebellum lies in MNI space, roughly
    mask = ball & (gaussian_filter(hr, 1) > .2*hr.max())
    save_volume(folder/name/"anat"/f"{name}_T1w.nii.gz", hr.astype(np.float32), affine)
    save_volume(folder/"derivatives"/"cerebellum"/name/"anat"/f"{name}_desc-cerebellum_mask.nii.gz", mask, affine)
    rows.append(dict(participant_id=name, split=split))
pd.DataFrame(rows).to_csv(folder/"participants.tsv", sep="\t", index=False)
