"Takes the place of FSL's `bet` for nbs/16_brain.ipynb: thresholds, writes the mask where bet would, and refuses a fraction above .9 as bet does."
import sys

import nibabel as nib
import numpy as np

source, out, *flags = sys.argv[1:]
if "-m" not in flags: sys.exit("no mask was asked for")
if float(flags[flags.index("-f") + 1]) > .9: sys.exit("Image Exception : #22 :: cannot be")
img = nib.load(source)
nib.save(nib.Nifti1Image((np.asarray(img.dataobj) > .5).astype(np.uint8), img.affine), f"{out}_mask.nii.gz")
