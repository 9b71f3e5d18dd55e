"Behaves like `run_fastsurfer.sh --seg_only` for nbs/13_fastsurfer.ipynb: TRUTH names the labels that it finds, MODE and OLD how it fails."
import os, sys, time, argparse
import numpy as np, nibabel as nib
from nibabel.processing import resample_from_to
p = argparse.ArgumentParser(prog='run_fastsurfer.sh')
for o in ('--t1','--sid','--sd','--threads','--device','--viewagg_device'): p.add_argument(o, required=True)
for o in ('--seg_only','--no_cereb','--no_biasfield') + (() if os.environ.get('OLD') else ('--no_hypothal',)): p.add_argument(o, action='store_true')
a = p.parse_args()
print('Running FastSurferVINN', flush=True)
mode = os.environ.get('MODE', '')
if mode=='slow':
    import subprocess; subprocess.Popen(['sleep','60']); print('Segmenting slowly ...', flush=True); time.sleep(60)
if mode=='memory': print('Killed', flush=True); sys.exit(137)
os.makedirs(f'{a.sd}/{a.sid}/mri', exist_ok=True)
if mode=='nothing': sys.exit(0)
head = nib.load(a.t1)
shape = (64,)*3                                     # the real one: 256 and 1 mm
lia = np.array([[-4,0,0,128],[0,0,4,-128],[0,-4,0,128],[0,0,0,1.]])
lia[:3,3] += nib.affines.apply_affine(head.affine, (np.array(head.shape)-1)/2)
truth = nib.load(os.environ['TRUTH'])
labels = resample_from_to(truth, (shape, lia), order=0)
write = lambda x, n: nib.save(nib.MGHImage(np.asarray(x, np.uint8), lia), f'{a.sd}/{a.sid}/mri/{n}')
write(labels.dataobj, 'aparc.DKTatlas+aseg.deep.mgz'); write(np.asarray(labels.dataobj)>0, 'mask.mgz')
print('FastSurfer segmentation done', flush=True)
