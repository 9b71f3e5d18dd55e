"Every public name, for notebooks: `from cerebsr.all import *`."
from cerebsr.core import *
from cerebsr.viz import *
from cerebsr.kspace import *
from cerebsr.regions import *
from cerebsr.patches import *
from cerebsr.sampling import *
from cerebsr.data import *
from cerebsr.models import *
from cerebsr.metrics import *
from cerebsr.train import *
from cerebsr.inference import *
from cerebsr.evaluate import *
from cerebsr.segmenter import *
from cerebsr.brain import *
from cerebsr.fastsurfer import *
from cerebsr.study import *
from cerebsr.gan import *
