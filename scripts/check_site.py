"""Stage the site as `nbdev-docs` does and fail, with every place, on what a reader would stumble over.

That is: a link to a page, a heading or a picture that is not there; a page that is named (`03_kspace`) but not linked;
a page that the sidebar does not know, or shows in another place than its folder and number say.
"""
import json, re, subprocess, sys
from pathlib import Path

import yaml
from nbdev.quarto import nbdev_sidebar, refresh_quarto_yml
from nbdev.serve import proc_nbs

root = Path(__file__).resolve().parent.parent
nbs = root/"nbs"


def pages():
    "Every notebook of the site, as a path within `nbs/`"
    found = sorted(p.relative_to(nbs) for p in nbs.rglob("*.ipynb"))
    return [p for p in found if not any(o.startswith((".", "_")) for o in p.parts)]


# --- the sidebar

def sidebar_files(node):
    "Every file named in the `contents` of a Quarto sidebar, in its order"
    if isinstance(node, str): return [node]
    if isinstance(node, list): return [o for part in node for o in sidebar_files(part)]
    return sidebar_files(node.get("contents", [])) + ([node["href"]] if "href" in node else [])


def sidebar_problems():
    contents = yaml.safe_load((root/"_quarto.yml").read_text(encoding="utf-8"))["website"]["sidebar"]["contents"]
    listed, there = sidebar_files(contents), [p.as_posix() for p in pages()]
    for name in listed:
        if name not in there: yield f"in the sidebar, but no such page: {name}"
    for name in there:
        if name not in listed: yield f"not in the sidebar: {name}"
    for section in (o for o in contents if isinstance(o, dict)):
        files = sidebar_files(section)
        if len({Path(o).parent for o in files} - {Path()}) > 1: yield f"the section {section['section']} mixes folders"
        if files != sorted(files): yield f"the section {section['section']} is not in the order of its numbers"


# --- links

def prose(path):
    "Text of the Markdown cells of a page, without code in it"
    cells = json.loads((nbs/path).read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)


def anchors(path):
    "What `#...` may point at: headings as Quarto names them, `{#id}`, HTML ids and `#| label`s"
    text, cells = prose(path), json.loads((nbs/path).read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    found = set(re.findall(r"\{#([\w-]+)", text)) | set(re.findall(r"id=\"([\w-]+)\"", text))
    found |= set(re.findall(r"^#\| label: *([\w-]+)", code, re.M))
    for heading in re.findall(r"^#+ +(.+?) *(?:\{.*\})?$", text, re.M):
        words = re.sub(r"\]\([^)]*\)|<[^>]+>|[^\w\s.-]", "", heading).lower().split()
        found.add(re.sub(r"^[^a-z]+", "", "-".join(words)))
    return found


def link_problems():
    "Links to headings that are not there, and pages that are named where they should be linked"
    for path in pages():
        text = prose(path)
        for target, anchor in re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", text):
            other = Path(*((path.parent/target).parts)) if target else path
            file = (nbs/other).resolve()
            if file.suffix != ".ipynb" or not file.exists(): continue      # smalldocs says so
            if anchor not in anchors(file.relative_to(nbs)): yield f"{path}: no such heading: {target}#{anchor}"
        for name in re.findall(r"(?<!\[)`(\d\d[a-z]?_\w+)`", text): yield f"{path}: names a page without a link: {name}"


def smalldocs_problems():
    "Links to pages and pictures that are not there"
    command = [str(Path(sys.executable).with_name("smalldocs")), "check", "nbs"]
    out = subprocess.run(command, cwd=root, capture_output=True, text=True)
    lines = (out.stdout + out.stderr).splitlines()
    if not lines and out.returncode: yield f"smalldocs check failed with exit code {out.returncode}"
    yield from (o for o in lines if re.search(r"broken link|Traceback|missing", o))


if __name__ == "__main__":
    refresh_quarto_yml()
    nbdev_sidebar()
    problems = [*sidebar_problems(), *smalldocs_problems(), *link_problems()]
    if problems: sys.exit("\n".join(problems))
    proc_nbs()
    print(f"{len(pages())} pages, no broken link")
