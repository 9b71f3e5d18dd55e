"Stage the site as `nbdev-docs` does and fail on a broken link, a missing picture or a page that the sidebar does not know."
import re, subprocess, sys
from pathlib import Path

import yaml
from nbdev.quarto import nbdev_sidebar, refresh_quarto_yml
from nbdev.serve import proc_nbs

root = Path(__file__).resolve().parent.parent


def sidebar_files(node):
    "Every file named in the `contents` of a Quarto sidebar."
    if isinstance(node, str): return {node}
    if isinstance(node, list): return set().union(*map(sidebar_files, node)) if node else set()
    return sidebar_files(node.get("contents", [])) | ({node["href"]} if "href" in node else set())


if __name__ == "__main__":
    refresh_quarto_yml()
    nbdev_sidebar()
    proc_nbs()
    listed = sidebar_files(yaml.safe_load((root/"_quarto.yml").read_text())["website"]["sidebar"])
    pages = {str(p.relative_to(root/"nbs")) for p in (root/"nbs").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts}
    problems = [f"in the sidebar, but no such page: {o}" for o in sorted(listed - pages)]
    problems += [f"not in the sidebar: {o}" for o in sorted(pages - listed)]
    out = subprocess.run([str(Path(sys.executable).with_name("smalldocs")), "check", "nbs"], cwd=root, capture_output=True, text=True)
    lines = (out.stdout + out.stderr).splitlines()
    if not lines and out.returncode: problems.append(f"smalldocs check failed with exit code {out.returncode}")
    problems += [o for o in lines if re.search(r"broken link|Traceback|missing", o)]
    if problems: sys.exit("\n".join(problems))
    print(f"{len(pages)} pages, no broken link")
