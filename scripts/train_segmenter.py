"""Train the two networks of nbs/segmentation/00_unet.ipynb: train_segmenter.py FOLDER BOX [EPOCHS], with FOLDER a
study like ds002748 and BOX head or cerebellum.

The people of the study's own train split are shown in a new disguise at each step. A whole head lends its skull and
skin to them: pycortex's subject S1 (BSD 2-clause, in the source archive of pycortex 1.4.0 on PyPI:
filestore/db/S1/anatomicals/raw.nii.gz), as runs/heads/pycortex-S1_T1w.nii.gz with its brain mask (by deepbet) beside
it. Where everybody lies in the template is found once (runs/segmenter/). The state is saved after every epoch; the
same command goes on from there. At the end the weights and their card go to cerebsr/data/. On an H100 with both side
by side: eight and ten minutes; on a CPU: many hours.
"""
import json, sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from fastai.callback.fp16 import AMPMode, MixedPrecision
from fastai.callback.progress import CSVLogger, ProgressCallback
import fastai.callback.schedule  # noqa: Learner.fit_one_cycle
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from fastai.optimizer import Adam
from joblib import Parallel, delayed
from scipy import ndimage as ndi

from cerebsr.core import atomic_path, load_volume
from cerebsr.people import find_subjects, split_subjects
from cerebsr.weights import save_model
from cerebsr.regions import tissue_mask
from cerebsr.segmentation.atlas import affine_matrix, register
from cerebsr.segmentation.unet import world_cubes
from cerebsr.segmentation.disguise import DisguiseDL
from cerebsr.segmentation.unet import SEGMENTER_BOXES, UNet, segmenter_loss
from cerebsr.learner import DrawPatches
from cerebsr.training.resume import Checkpoint, restore_run

folder, box = Path(sys.argv[1]), sys.argv[2]
RECIPE = dict(
    head=dict(net=dict(widths=(8, 16, 32, 64, 64), no=5), epochs=49, n=200, rate=4e-3, mm=2, disguise=dict(shift=25)),
    cerebellum=dict(
        net=dict(widths=(12, 24, 48, 96), no=2),
        epochs=26,
        n=200,
        rate=2e-3,
        mm=1,
        disguise=dict(rot=(8, 8, 8), zoom=(0.94, 1.06), shift=5, bend=2.0, center=(0, -56, -32)),
    ),
)[box]
if len(sys.argv) > 3: RECIPE["epochs"] = int(sys.argv[3])
root = Path(__file__).resolve().parent.parent
work = root/"runs"/"segmenter"
work.mkdir(parents=True, exist_ok=True)
device = "cuda" if torch.cuda.is_available() else "cpu"
split = split_subjects(find_subjects(folder))
places = work/"places.json"


def place(name, vol, affine):
    "Matrix from the scanner's millimeters to the template's, found once and kept"
    known = json.loads(places.read_text()) if places.exists() else {}
    if name not in known:
        known[name] = affine_matrix(register(vol, affine, bend=False)["transform"]).tolist()
        with atomic_path(places) as tmp: tmp.write_text(json.dumps(known, indent=1))
    return np.array(known[name])


def in_template(vols, affine, tx, mm, corners):
    "`(C,X,Y,Z)` on cubes of the template, and their grid"
    vols = [world_cubes(v, tx@affine, mm, corners) for v in vols]
    return torch.from_numpy(np.stack([v for v, _ in vols])), vols[0][1]


def person(s, mm):
    "What `disguise` wants, of a stripped person of the study"
    brain = tissue_mask(s.hr)
    vols = s.hr/np.percentile(s.hr[brain], 95), brain, s.regions["cerebellum"]
    vols, grid = in_template(vols, s.affine, place(s.name, s.hr, s.affine), mm, SEGMENTER_BOXES["brain"][:2])
    dist = torch.from_numpy(ndi.distance_transform_edt(vols[1].numpy() < .5).astype(np.float32)*mm - .5)[None]
    return dict(vols=vols.half(), dist=dist.half(), grid=grid)


def whole_head(name, mm):
    "A head that lends its skull: scan and brain, with neck and air around"
    (scan, affine), (brain, _) = (load_volume(root/"runs"/"heads"/f"{name}_{k}.nii.gz") for k in ("T1w", "deepbet"))
    tx = place(name, np.where(brain > 0, scan, 0), affine)
    vols, grid = in_template(
        (scan / np.percentile(scan[brain > 0], 95), brain > 0), affine, tx, mm, ((-128, -160, -168), (128, 128, 120))
    )
    return dict(vols=vols.half(), grid=grid)


def score(k, name):
    "Dice of output `k`, as a metric"
    def dice(pred, y):
        p, t = pred[:, k] > 0, y[:, k] > .5
        return (2*(p & t).sum((1, 2, 3))/(p.sum((1, 2, 3)) + t.sum((1, 2, 3)))).mean()
    dice.__name__ = name
    return dice


def millimeters(pred, y): return ((pred[:, -3:].float()*100 - y[:, -3:]).norm(dim=1)[y[:, 0] > .5]).mean()


mm = RECIPE["mm"]
to_device = lambda o: {k: v.to(device) if torch.is_tensor(v) else v for k, v in o.items()}
for s in split["train"] + split["val"]: place(s.name, s.hr, s.affine)
people = {
    k: [to_device(o) for o in Parallel(n_jobs=-1)(delayed(person)(s, mm) for s in split[k])] for k in ("train", "val")
}
heads = [to_device(whole_head("pycortex-S1", mm))]
print(f"{len(people['train'])} people in template space, on {device}", flush=True)
torch.manual_seed(0)
net = UNet(**RECIPE["net"]).to(memory_format=torch.channels_last_3d)
dl = lambda who, n, **kw: DisguiseDL(people[who], box, n, heads=heads, **RECIPE["disguise"], **kw)
dls = DataLoaders(dl("train", RECIPE["n"], seed=7), dl("val", 12, seed=100, fresh=False, bs=1), device=device)
settings = dict(
    recipe=json.loads(json.dumps(RECIPE)),
    epochs=RECIPE["epochs"],
    people={k: [s.name for s in split[k]] for k in ("train", "val")},
    heads=["pycortex S1"],
)
settings["recipe"].pop("epochs")
state, history = work/f"{box}.pt", SimpleNamespace(rows=[])
names = ("brain", "cerebellum")
learn = Learner(
    dls,
    net,
    loss_func=segmenter_loss,
    opt_func=Adam,
    metrics=[score(k, n) for k, n in enumerate(names)] + [millimeters] * (box == "head"),
    path=work,
    cbs=[
        DrawPatches(),
        Checkpoint(state, history, settings, every_minutes=float("inf")),
        CSVLogger(f"{box}.csv", append=state.exists()),
        *([MixedPrecision(amp_mode=AMPMode.BF16)] if device == "cuda" else []),
    ],
)
learn.remove_cb(ProgressCallback)
learn.logger = lambda row: print(*(f"{v:.4f}" if isinstance(v, float) else v for v in row), flush=True)
done = restore_run(state, learn, history, settings)["epochs_done"] if state.exists() else 0
if done < RECIPE["epochs"]: learn.fit_one_cycle(RECIPE["epochs"], RECIPE["rate"], pct_start=.1, start_epoch=done)

card = dict(
    box=box,
    outputs=[*names, *(("x", "y", "z in the template, 100 mm") if box == "head" else ())],
    seed=0,
    recipe=RECIPE,
    heads=settings["heads"],
    data=dict(
        name="ds002748 (OpenNeuro, CC0), masks of the brain: above zero; of the cerebellum: the study's derivatives",
        **settings["people"],
    ),
    validation=dict(zip(("loss", *names, "mm"), (round(float(v), 4) for v in learn.validate()))),
    device=device,
    torch=torch.__version__,
    command=f"python scripts/train_segmenter.py {folder.name} {box}",
)
save_model(net.half(), root/"cerebsr"/"data"/f"unet_{box}.safetensors", card)
