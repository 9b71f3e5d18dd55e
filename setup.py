"Metadata of `settings.ini` for setuptools; the static part is in `pyproject.toml`."
from configparser import ConfigParser
from pathlib import Path

from setuptools import setup

cfg = ConfigParser(delimiters=["="])
cfg.read("settings.ini", encoding="utf-8")
cfg = cfg["DEFAULT"]
init = Path("cerebsr/__init__.py").read_text(encoding="utf-8")

setup(
    version=init.split("__version__ = ")[1].split('"')[1],
    author=cfg["author"],
    keywords=cfg["keywords"].split(),
    license=cfg["license"],
    classifiers=cfg["classifiers"].strip().splitlines(),
    long_description=Path("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    install_requires=cfg["requirements"].split(),
    extras_require={k: cfg[f"{k}_requirements"].split() for k in ("dev", "bench", "brain", "cluster", "processes")},
)
