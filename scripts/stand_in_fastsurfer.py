"""Behaves like `run_fastsurfer.sh --seg_only` on pages where FastSurfer is not installed.

TRUTH names the labels that it finds; MODE (slow, memory, nothing) and OLD say how it fails.
"""
import argparse, os, subprocess, sys, time

import nibabel as nib
import numpy as np
from nibabel.processing import resample_from_to

parser = argparse.ArgumentParser(prog='run_fastsurfer.sh')
for o in ('--t1', '--sid', '--sd', '--threads', '--device', '--viewagg_device'):
    parser.add_argument(o, required=True)
switches = ['--seg_only', '--no_cereb', '--no_biasfield']
if not os.environ.get('OLD'): switches.append('--no_hypothal')
for o in switches: parser.add_argument(o, action='store_true')
a = parser.parse_args()

print('Running FastSurferVINN', flush=True)
mode = os.environ.get('MODE', '')
if mode=='slow':
    subprocess.Popen(['sleep', '60'])
    print('Segmenting slowly ...', flush=True)
    time.sleep(60)
if mode=='memory':
    print('Killed', flush=True)
    sys.exit(137)
mri = f'{a.sd}/{a.sid}/mri'
os.makedirs(mri, exist_ok=True)
if mode=='nothing': sys.exit(0)

head = nib.load(a.t1)
middle = nib.affines.apply_affine(head.affine, (np.array(head.shape)-1)/2)
lia = np.array([[-4,0,0,128], [0,0,4,-128], [0,-4,0,128], [0,0,0,1.]]) # the real one: 256 voxels of 1 mm
lia[:3,3] += middle
truth = nib.load(os.environ['TRUTH'])
labels = np.asarray(resample_from_to(truth, ((64,64,64), lia), order=0).dataobj)

def write(vol, name): nib.save(nib.MGHImage(np.asarray(vol, np.uint8), lia), f'{mri}/{name}')
write(labels, 'aparc.DKTatlas+aseg.deep.mgz')
write(labels>0, 'mask.mgz')
print('FastSurfer segmentation done', flush=True)
