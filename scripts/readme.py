"Write `README.md` from `nbs/index.ipynb`; with `--check`, fail if they differ."
import re, sys
from pathlib import Path

import nbformat

root = Path(__file__).resolve().parent.parent


def as_readme(nb):
    "Markdown cells as they are, code cells as Python blocks; cells marked `#| hide` and stored outputs are left out."
    parts = []
    for cell in nb.cells:
        src = cell.source.strip()
        if not src or re.search(r"^#\|\s*hide", src, re.M): continue
        src = re.sub(r"^#\|.*\n", "", src, flags=re.M)
        parts.append(f"```python\n{src}\n```" if cell.cell_type == "code" else src)
    text = "\n\n".join(parts) + "\n"
    text = re.sub(r"\]\((images/[^)]+)\)", r"](nbs/\1)", text)                     # pictures lie beside the notebook
    return re.sub(r"\]\(([\w/]+\.ipynb)\)", r"](nbs/\1)", text)


text = as_readme(nbformat.read(root/"nbs"/"index.ipynb", as_version=4))
readme = root/"README.md"
if "--check" in sys.argv:
    if readme.read_text(encoding="utf-8") != text:
        sys.exit("README.md differs from nbs/index.ipynb: run `python scripts/readme.py` and commit the result")
    print("README.md equals nbs/index.ipynb")
else: readme.write_text(text, encoding="utf-8")
