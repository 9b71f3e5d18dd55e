"""Takes the place of FSL's `bet` on pages where FSL is not installed.

It thresholds, writes the mask where bet would, and refuses a fraction above .9 as bet does.
"""
import sys

import nibabel as nib
import numpy as np

source, out, *flags = sys.argv[1:]
if '-m' not in flags: sys.exit('no mask was asked for')
fraction = float(flags[flags.index('-f') + 1])
if fraction > .9: sys.exit('Image Exception : #22 :: cannot be')
img = nib.load(source)
mask = np.asarray(img.dataobj) > .5
nib.save(nib.Nifti1Image(mask.astype(np.uint8), img.affine), f'{out}_mask.nii.gz')
