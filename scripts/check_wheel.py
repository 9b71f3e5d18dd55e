"Fail if the wheel given lacks a file of the package (module, weights, card, plan, atlas), or holds a notebook."
import sys, zipfile
from pathlib import Path

root = Path(__file__).resolve().parent.parent
SIZES = "conventional", "balanced", "full-conventional", "full-balanced"
BOXES = "head", "cerebellum"
PLANS = "paper-hcp", "reference", "reference-20", "quick", "ratio", "ablation", "small", "small-data", "small-open"

# What must be there even if somebody deleted it from the package.
wanted = {"cerebsr/data/paper.csv", "cerebsr/data/mni152_cerebellum.nii.gz", "cerebsr/cli.py", "cerebsr/all.py"}
wanted |= {f"cerebsr/weights/mdcsrn-{o}.{ext}" for o in SIZES for ext in ("safetensors", "json")}
wanted |= {f"cerebsr/data/unet_{o}.{ext}" for o in BOXES for ext in ("safetensors", "json")}
wanted |= {f"cerebsr/plans/{o}.toml" for o in PLANS}

# Every file of the package: a subpackage or a kind of data that the build forgets shows here.
files = [p.relative_to(root) for p in (root/"cerebsr").rglob("*") if p.is_file()]
wanted |= {p.as_posix() for p in files if "__pycache__" not in p.parts}

with zipfile.ZipFile(sys.argv[1]) as wheel:
    names, size = wheel.namelist(), sum(o.file_size for o in wheel.infolist())
missing = sorted(wanted - set(names))
if missing: sys.exit(f"missing in the wheel: {', '.join(missing)}")
if any(o.endswith(".ipynb") for o in names): sys.exit("the wheel holds notebooks")
print(f"{len(names)} files, {size/1e6:.1f} MB unpacked")
