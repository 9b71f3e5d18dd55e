"""Make cerebsr/data/mni152_cerebellum.nii.gz: how often a place of MNI152 space is cerebellum, over the training
people.

CEREBSR_DATA=FOLDER python scripts/make_atlas.py    (about 20 s a person)

FOLDER/ds002748 holds T1w scans, `participants.tsv` with a column `split`, and masks in derivatives/cerebellum. Only
the people with split=train vote. Each is registered to the template exactly as `segment` does it; every voxel near the
mask then votes at the place where it lands."""
import os
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
from scipy import ndimage as ndi
from tqdm import tqdm

from cerebsr.core import atomic_path, bounding_box, load_mni152, load_volume
from cerebsr.segmentation.atlas import register, to_sitk
from cerebsr.segmentation.unet import world_cubes

import SimpleITK as sitk

ROOT = Path(os.environ['CEREBSR_DATA'])/'ds002748'
OUT = Path(__file__).parents[1]/'cerebsr/data/mni152_cerebellum.nii.gz'

def landing(transform, cubes, shape):
    "World coordinates (RAS, mm) in the template of each cube of the subject: `(X,Y,Z,3)`"
    grid = to_sitk(np.zeros(shape, np.float32), cubes)
    field = sitk.TransformToDisplacementField(
        transform, sitk.sitkVectorFloat64, grid.GetSize(), grid.GetOrigin(), grid.GetSpacing(), grid.GetDirection()
    )
    shift = sitk.GetArrayFromImage(field).transpose(2,1,0,3)*(-1,-1,1)
    return nib.affines.apply_affine(cubes, np.moveaxis(np.indices(shape), 0, -1)) + shift

def votes(name, shape, affine):
    "`(cerebellum, all)`: votes of one person for each voxel of the template"
    vol,to_world = load_volume(ROOT/name/'anat'/f'{name}_T1w.nii.gz')
    mask,_ = load_volume(ROOT/'derivatives/cerebellum'/name/'anat'/f'{name}_desc-cerebellum_mask.nii.gz')
    found = register(vol, to_world)
    mask,cubes = world_cubes(mask>0, to_world, 1., found['box'])
    at = np.rint(
        nib.affines.apply_affine(np.linalg.inv(affine), landing(found['transform'], cubes, mask.shape))
    ).astype(int)
    inside = ((at>=0) & (at<shape)).all(-1)
    flat = np.ravel_multi_index(at[inside].T, shape)
    size = int(np.prod(shape))
    return [
        ndi.gaussian_filter(np.bincount(flat, w, size).reshape(shape), 0.7) for w in (mask[inside], np.ones(len(flat)))
    ]

def main():
    people = pd.read_csv(ROOT/'participants.tsv', sep='\t')
    people = people.participant_id[people.split=='train'].tolist()
    mni,affine = load_mni152(1)
    yes,total = np.zeros(mni.shape),np.zeros(mni.shape)
    for name in tqdm(people, unit='person'):
        cerebellum,every = votes(name, mni.shape, affine)
        share = np.divide(cerebellum, every, out=np.zeros_like(every), where=every>1e-3)
        yes += share
        total += every>1e-3
    prob = np.divide(yes, total, out=np.zeros_like(yes), where=total>0)
    prob[(mni==0) & (ndi.distance_transform_edt(mni==0)>4)] = 0
    prob = np.rint(255*prob).astype(np.uint8)
    box = bounding_box(prob>7, 1)
    crop = affine@nib.affines.from_matvec(np.eye(3), [s.start for s in box])
    img = nib.Nifti1Image(np.where(prob>7, prob, 0)[box], crop)
    img.header.set_xyzt_units('mm')
    img.header['descrip'] = b'255 * P(cerebellum), MNI152, 14 people of ds002748 (CC0)'
    with atomic_path(OUT) as tmp: nib.save(img, tmp)
    print(
        f'{OUT.name}: {len(people)} people, {(prob>127).sum()/1000:.1f} ml above one half, '
        f'{OUT.stat().st_size/1000:.0f} kB'
    )

if __name__=='__main__': main()
