"Every public name, for notebooks: `from cerebsr.all import *`."
from importlib import import_module as _import

_modules = "core viz kspace regions patches sampling data models metrics train inference evaluate".split()
__all__ = []
for _name in _modules:
    _module = _import(f"cerebsr.{_name}")
    for _o in _module.__all__:
        globals()[_o] = getattr(_module, _o)
        __all__.append(_o)
