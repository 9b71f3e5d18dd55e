"""Train the two networks of nbs/12_segmenter.ipynb: train_segmenter.py FOLDER BOX, with FOLDER a study like ds002748 and BOX brain or cerebellum.

The people of the study's own train split are brought into template space once (runs/segmenter/), and shown in a new disguise at each step, wild ones first. Every 100 steps the state
is saved and the validation people are measured; the same command goes on from there. At the end the weights and their card go to cerebsr/data/.
"""
import os, sys, time
from pathlib import Path

import numpy as np
import torch
from scipy import ndimage as ndi

from cerebsr.core import atomic_path
from cerebsr.data import find_subjects, split_subjects
from cerebsr.models import save_model
from cerebsr.regions import register
from cerebsr.segmenter import UNet, dice_loss, disguise, to_template

PHASES = dict(brain=((900, 3e-3, {}),),   # steps, highest rate, disguise: wild at first, then as far off as a registration leaves a head
              cerebellum=((900, 3e-3, {}), (400, 1e-3, dict(rot=6, scale=.06, shift=4, bend=2.))))[sys.argv[2]]
THREADS, CROP = int(os.environ.get("THREADS", 1)), (112, 96, 80)
root = Path(__file__).resolve().parent.parent
folder, box = Path(sys.argv[1]), sys.argv[2]
work = root/"runs"/"segmenter"
work.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(THREADS)
split = split_subjects(find_subjects(folder))


def in_template(s):
    "Scan, labels and distance to the brain of one person in the box, as 8-bit arrays in a file"
    file = work/f"{s.name}-{box}.npz"
    if not file.exists():
        tx = register(s.hr, s.affine, bend=False)["transform"]
        put = lambda v: to_template(v.astype(np.float32), s.affine, tx, box)[0]
        scan = np.clip(put(s.hr)/np.percentile(s.hr[s.hr > 0], 99.5)*200, 0, 255).astype(np.uint8)
        masks = [np.clip(put(m)*255, 0, 255).astype(np.uint8) for m in ((s.hr > 0, s.regions["cerebellum"]) if box == "brain" else (s.regions["cerebellum"],))]
        with atomic_path(file) as tmp:
            with open(tmp, "wb") as f: np.savez_compressed(f, scan=scan, masks=np.stack(masks))
    d = np.load(file)
    scan, masks = (torch.from_numpy(d[k].astype(np.float32)/255) for k in ("scan", "masks"))
    if box == "brain": inside, mm = masks[0].numpy() >= .5, 2.
    else: inside, mm = ndi.binary_closing(scan.numpy() > .02, iterations=2), 1.
    return scan, list(masks), torch.from_numpy(ndi.distance_transform_edt(~inside).astype(np.float32)*mm - .5), mm


people = {k: [in_template(s) for s in split[k]] for k in ("train", "val")}
config = dict(base=8, levels=4, ni=1, no=len(people["train"][0][1]))
torch.manual_seed(0)
net = UNet(**config).to(memory_format=torch.channels_last_3d)
state, phase, start = work/f"{box}.pt", 0, 0
settings = dict(head=.4) if box == "cerebellum" else dict(head=.6, rot=15, shift=12)


def validate():
    "Dice of each validation person in a fixed disguise, without and with a head; one number for each output"
    net.eval()
    scores = []
    with torch.inference_mode():
        for k, (scan, masks, dist, mm) in enumerate(people["val"]):
            for head in (0, 1):
                x, y = disguise(np.random.default_rng(100 + k), scan, masks, dist, mm, head=head)
                p, t = net(x[None, None])[0] > 0, y > .5
                scores.append([round(float(2*(a & b).sum()/(a.sum() + b.sum())), 3) for a, b in zip(p, t)])
    net.train()
    return scores


def learner(steps, rate):
    "Optimizer and schedule of a phase"
    opt = torch.optim.Adam(net.parameters(), 2e-3)
    return opt, torch.optim.lr_scheduler.OneCycleLR(opt, rate, total_steps=steps, pct_start=.15)


def train(phase, start, opt, schedule, steps, **more):
    "Steps `start` to `steps` of a phase"
    began = time.time()
    for i in range(start, steps):
        rng = np.random.default_rng((7, i) if phase == 0 else (7, i, phase))
        scan, masks, dist, mm = people["train"][int(rng.integers(len(people["train"])))]
        x, y = disguise(rng, scan, masks, dist, mm, **settings | more)
        if box == "cerebellum":
            at = tuple(slice(a, a + s) for a, s in ((int(rng.integers(0, n - s + 1)), s) for n, s in zip(x.shape, CROP)))
            x, y = x[at], y[(slice(None), *at)]
        loss = dice_loss(net(x[None, None].to(memory_format=torch.channels_last_3d)), y[None])
        opt.zero_grad(), loss.backward(), opt.step(), schedule.step()
        if (i + 1) % 100 == 0 or i + 1 == steps:
            with atomic_path(state) as tmp: torch.save(dict(net=net.state_dict(), opt=opt.state_dict(), sched=schedule.state_dict(), phase=phase, step=i + 1), tmp)
            print(f"phase {phase}, {i + 1} of {steps}: loss {loss.item():.3f}, {(time.time() - began)/(i + 1 - start):.1f} s a step, validation Dice {validate()}", flush=True)


if state.exists():
    o = torch.load(state, weights_only=True)
    phase, start = o.get("phase", 0), o["step"]
    net.load_state_dict(o["net"])
for k, (steps, rate, more) in enumerate(PHASES):
    if k < phase: continue
    opt, schedule = learner(steps, rate)
    if state.exists() and k == phase: opt.load_state_dict(o["opt"]), schedule.load_state_dict(o["sched"])
    train(k, start if k == phase else 0, opt, schedule, steps, **more)

card = dict(box=box, outputs=["brain", "cerebellum"] if box == "brain" else ["cerebellum"], seed=0,
            phases=[dict(steps=n, rate=r, disguise=settings | m) for n, r, m in PHASES],
            data=dict(name="ds002748 (OpenNeuro, CC0), masks of the brain: above zero; of the cerebellum: the study's derivatives",
                      train=[s.name for s in split["train"]], val=[s.name for s in split["val"]]), validation=validate(),
            command=f"python scripts/train_segmenter.py {folder.name} {box}")
save_model(net, root/"cerebsr"/"data"/f"unet_{box}.safetensors", card)
