"Brain-MRI super-resolution that does not lose the cerebellum."
import warnings

__version__ = "0.2.0"

# Both arise while fastai is imported, and no caller can change why: TorchScript in torch, a dead option in pandas.
warnings.filterwarnings("ignore", r"`torch\.jit\.script` is deprecated", FutureWarning)
warnings.filterwarnings("ignore", r"The 'mode\.chained_assignment' option is deprecated", DeprecationWarning)
