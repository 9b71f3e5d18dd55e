"""hero.py FOLDER: draw nbs/images/hero.png from a test person of the study in FOLDER, whom the shipped networks never
saw."""
import sys
from pathlib import Path

from cerebsr.core import atomic_path
from cerebsr.people import find_subjects
from cerebsr.inference import super_resolve
from cerebsr.viz import compare_volumes

person = next(s for s in find_subjects(sys.argv[1]) if s.split == "test")
lr = person.lr()
sr = {name: super_resolve(f"mdcsrn-{name}", lr, person.affine) for name in ("conventional", "balanced")}
fig = compare_volumes(
    person.affine,
    zoom=person.regions["cerebellum"],
    planes=("sagittal",),
    width=9,
    HR=person.hr,
    LR=lr,
    **{f"SR {k}": v for k, v in sr.items()},
)
with atomic_path(Path(__file__).resolve().parent.parent / "nbs" / "images" / "hero.png") as tmp:
    fig.savefig(tmp, dpi=100, bbox_inches="tight", facecolor=fig.get_facecolor())
print(person.name)
