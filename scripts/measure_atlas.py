"""Measure `segment(method='atlas')` on people who did not vote in the atlas; writes nbs/results/atlas_dice.csv.

CEREBSR_DATA=FOLDER python scripts/measure_atlas.py

Cerebellum: Dice with the given mask (a U-Net's for ds002748 and niimath, the AAL labels 91 to 116 for Colin27, closed and
filled because AAL leaves out the deep white matter). Brain: Dice of the template's registered mask with the voxels above
zero of a skull-stripped scan; empty for Colin27, whose brain nobody has drawn here."""
import os, time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import ndimage as ndi
from tqdm import tqdm

from cerebsr.core import atomic_path, load_mni152, load_volume
from cerebsr.regions import THREADS, dice, register, segment, tissue_mask, warp

ROOT = Path(os.environ.get('CEREBSR_DATA', '../shared/data'))
OUT = Path(__file__).parents[1]/'nbs/results/atlas_dice.csv'

def heads():
    "`(person, set, scan, mask)` of everyone to measure"
    table = pd.read_csv(ROOT/'ds002748/participants.tsv', sep='\t')
    bids = [(n, s, ROOT/'ds002748'/n) for n,s in zip(table.participant_id, table.split) if s!='train']
    for name,part,folder in [*bids, ('sub-01', 'niimath', ROOT/'niimath/sub-01')]:
        mask = folder.parent/'derivatives/cerebellum'/name/'anat'/f'{name}_desc-cerebellum_mask.nii.gz'
        yield name,part,folder/'anat'/f'{name}_T1w.nii.gz',mask
    yield 'colin27','colin27',ROOT/'colin27/colin27_T1w.nii.gz',ROOT/'colin27/colin27_aal.nii.gz'

def closed(labels, mm=3):
    "AAL's cerebellum with its gaps up to 2 * `mm` voxels closed and its holes filled"
    mask = np.pad((labels>=91)&(labels<=116), 8)
    near = ndi.distance_transform_edt(~mask)<=mm
    mask = ndi.binary_fill_holes(ndi.distance_transform_edt(near)>mm)
    return mask[8:-8,8:-8,8:-8]

def measure(name, part, scan, truth):
    "One row of the table"
    vol,affine = load_volume(scan)
    truth = load_volume(truth)[0]
    truth = closed(truth) if part=='colin27' else truth>0
    wall,cpu = time.perf_counter(),time.process_time()
    found = segment(vol, affine)
    wall,cpu = time.perf_counter()-wall,time.process_time()-cpu
    row = dict(person=name, set=part, cerebellum=dice(found['cerebellum'], truth), brain=np.nan,
               volume_ratio=found['cerebellum'].sum()/truth.sum(), seconds=wall, cpu_seconds=cpu, threads=THREADS)
    if part!='colin27':
        mni,grid = load_mni152(1)
        brain = warp((mni>0).astype(np.float32), grid, register(vol, affine, bend=False)['transform'], vol.shape, affine, mm=2.)>=.5
        row['brain'] = dice(brain, tissue_mask(vol))
    return row

def main():
    rows = []
    for head in tqdm(list(heads()), unit='head'):
        rows.append(measure(*head))
        print({k:round(v, 3) if isinstance(v, float) else v for k,v in rows[-1].items()}, flush=True)
    table = pd.DataFrame(rows).round(dict(cerebellum=4, brain=4, volume_ratio=3, seconds=1, cpu_seconds=1))
    with atomic_path(OUT) as tmp: table.to_csv(tmp, index=False)
    print(table.groupby('set').cerebellum.agg(['mean','min']).round(3).to_string())

if __name__=='__main__': main()
