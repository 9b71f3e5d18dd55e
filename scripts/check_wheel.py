"Fail if the wheel given lacks the weights, their cards, the plans or the atlas, or holds a notebook."
import sys, zipfile

names = zipfile.ZipFile(sys.argv[1]).namelist()
wanted = [f"cerebsr/weights/mdcsrn-{o}.{ext}" for o in ("conventional", "balanced", "full-conventional", "full-balanced") for ext in ("safetensors", "json")]
wanted += [f"cerebsr/data/unet_{o}.{ext}" for o in ("head", "cerebellum") for ext in ("safetensors", "json")]
wanted += [f"cerebsr/plans/{o}.toml" for o in ("paper-hcp", "reference", "reference-20", "quick", "ratio", "ablation", "small", "small-data", "small-open")]
wanted += ["cerebsr/data/paper.csv"]
missing = [o for o in wanted if o not in names]
if not any(o.startswith("cerebsr/data/") and o.endswith(".nii.gz") for o in names): missing.append("cerebsr/data/*.nii.gz")
if missing: sys.exit(f"missing in the wheel: {', '.join(missing)}")
if any(o.endswith(".ipynb") for o in names): sys.exit("the wheel holds notebooks")
size = sum(o.file_size for o in zipfile.ZipFile(sys.argv[1]).infolist())
print(f"{len(names)} files, {size/1e6:.1f} MB unpacked")
