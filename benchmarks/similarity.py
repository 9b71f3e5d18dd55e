"`ssim` against scikit-image's `structural_similarity`."
from skimage.metrics import structural_similarity

from cerebsr.kspace import simulate_lr
from cerebsr.metrics import ssim
from degrade import volume

unit, sizes, requires = "one pair of volumes", (64, 96, 192, 256), ()
pairs = [("ssim, float32", "scikit-image, float32", None), ("ssim, float64", "scikit-image, float64", None)]


def tasks(n):
    hr = volume(n)
    lr = simulate_lr(hr, output="real")
    a, b = hr.astype(float), lr.astype(float)
    return {"scikit-image, float32": lambda: structural_similarity(hr, lr, data_range=1.), "ssim, float32": lambda: ssim(hr, lr, data_range=1.),
            "scikit-image, float64": lambda: structural_similarity(a, b, data_range=1.), "ssim, float64": lambda: ssim(a, b, data_range=1.)}
