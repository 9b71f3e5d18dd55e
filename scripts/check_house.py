"""Fail, and print where, if the house stands crooked: an import that climbs, a name too many, a page too long to read.

check_house.py             every rule, over `nbs/` and `cerebsr/`
check_house.py --report    the same, and a table of all pages
check_house.py --selftest  plant each fault in a copy, and fail if one goes unnoticed

A rule is a generator of `(where, what)`; its docstring says what it wants. The order of the modules is read from the
notebooks: their folder is the floor, their number the place on it. Only the order of the floors is written down here.
"""
import argparse, ast, json, re, shutil, sys, tempfile
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

root = Path(__file__).resolve().parent.parent

# From the ground up. A module name is a floor of its own; a folder holds its pages by their numbers; "" is the course.
FLOORS = ("core", "engine", "", "beyond", "segmentation", "training", "studies", "commands", "cli")

MAX_NAMES, MAX_ALL_NAMES = 8, 130
MAX_COLUMNS, MAX_CELL, MAX_MODULE = 120, 45, 300
STILL_LONG = {"engine.storage": 440, "people": 400, "studies.results": 375}   # to be cut; may only shrink
MAX_PARAMETERS = 12
FIGURE_WITHIN, MAX_LINES_BEFORE = 10, 12
MAX_MINUTES, WORDS_A_MINUTE, LINES_A_MINUTE = 40, 130, 14

HIDDEN = "hide", "export", "exporti"
EXPORTED = "export", "exports", "exporti", "exportd"


# --- what is there

@lru_cache(maxsize=None)
def parsed(code):
    "Syntax tree of `code`; an empty one where it has no Python syntax (a cell for the shell, say)"
    try: return ast.parse(code)
    except SyntaxError: return ast.parse("")


@lru_cache(maxsize=None)
def nodes(tree, *kinds):
    "The nodes of these kinds in `tree`, however deep"
    return [n for n in ast.walk(tree) if isinstance(n, kinds)]


@dataclass(frozen=True, eq=False)
class Cell:
    "One cell of a page; `number` counts from 1"
    number: int
    kind: str
    id: str
    source: str
    outputs: list

    @cached_property
    def directives(self):
        "The `#|` lines on top: name -> value"
        found = {}
        for line in self.source.strip().splitlines():
            hit = re.match(r"#\s*\|\s*([\w-]+)\s*:?\s*(.*)", line)
            if not hit: break
            found[hit[1]] = hit[2].strip()
        return found

    @cached_property
    def lines(self):
        "Its source without the directives"
        return self.source.strip().splitlines()[len(self.directives):]

    @cached_property
    def tree(self):
        "Its syntax, without lines for the shell"
        return parsed("\n".join("" if re.match(r"\s*[%!]", line) else line for line in self.lines))

    @property
    def is_code(self): return self.kind == "code"

    @property
    def is_exported(self): return self.is_code and any(o in self.directives for o in EXPORTED)

    @property
    def is_hidden(self): return any(o in self.directives for o in HIDDEN) or self.directives.get("code-fold") == "true"

    @property
    def visible_lines(self):
        "Lines of code that a reader of the site sees"
        return sum(bool(line.strip()) for line in self.lines) if self.is_code and not self.is_hidden else 0

    @cached_property
    def words(self):
        "Words of prose, without what is folded, addresses and marks"
        if self.is_code or "hide" in self.directives: return 0
        text = re.sub(r"<details.*?</details>|<[^>]+>", " ", "\n".join(self.lines), flags=re.S)
        text = re.sub(r"\]\([^)]*\)", "] ", text)
        return sum(any(o.isalnum() for o in word) for word in text.split())

    @cached_property
    def shows_figure(self):
        "Is there a picture, or a viewer, among the stored outputs that a reader sees?"
        if "hide" in self.directives: return False
        shown = [o.get("data", {}) for o in self.outputs]
        html = "".join("".join(o.get("text/html", "")) for o in shown)
        return any("image/png" in o for o in shown) or bool(re.search("<(canvas|img)", html))


@dataclass(frozen=True, eq=False)
class Page:
    "A notebook: `path` within `nbs/`"
    path: Path
    cells: list

    @cached_property
    def code(self): return [c for c in self.cells if c.is_code]

    @cached_property
    def inner(self):
        "The code cells that export nothing"
        return [c for c in self.code if not c.is_exported]

    @cached_property
    def module(self):
        "What it exports to, as `engine.products`; `None` for a page that exports nothing"
        return next((c.directives["default_exp"] for c in self.code if "default_exp" in c.directives), None)

    @property
    def folder(self): return self.path.parent.as_posix().removeprefix(".")

    @property
    def number(self): return int((re.match(r"\d+", self.path.name) or "0")[0])

    @property
    def is_course(self): return not self.folder and bool(re.match(r"\d\d_", self.path.name))

    @property
    def floor(self):
        "Place of its module in the house, to be compared; `None` if its folder is no floor"
        name = self.module if self.module in FLOORS else self.folder
        return (FLOORS.index(name), self.number) if name in FLOORS else None

    @property
    def visible_lines(self): return sum(c.visible_lines for c in self.cells)

    @property
    def words(self): return sum(c.words for c in self.cells)

    @property
    def minutes(self): return self.words/WORDS_A_MINUTE + self.visible_lines/LINES_A_MINUTE

    @property
    def figure(self):
        "The first cell that shows one, or `None`"
        return next((c for c in self.cells if c.shows_figure), None)

    @property
    def lines_before_figure(self):
        "Visible lines of code in the cells above the one that draws the first figure"
        last = self.figure.number - 1 if self.figure else len(self.cells)
        return sum(c.visible_lines for c in self.cells[:last])

    @cached_property
    def mentioned(self):
        "Every name that its non-exporting code cells use; an import alone is no use"
        used = [n for c in self.inner for n in nodes(c.tree, ast.Name, ast.Attribute)]
        return {n.id if isinstance(n, ast.Name) else n.attr for n in used}


@dataclass(frozen=True, eq=False)
class Module:
    "A file of the package: `name` without the package, as `engine.products`; the package itself is ''"
    name: str
    path: Path
    text: str

    @cached_property
    def tree(self): return parsed(self.text)

    @cached_property
    def lines(self): return self.text.splitlines()

    @cached_property
    def names(self):
        "Its `__all__`"
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                return ast.literal_eval(node.value)
        return []

    @cached_property
    def bound(self):
        "Whatever its code gives a name"
        named = nodes(self.tree, ast.FunctionDef, ast.ClassDef, ast.alias)
        stored = [o.id for o in nodes(self.tree, ast.Name) if isinstance(o.ctx, ast.Store)]
        return {getattr(o, "asname", None) or o.name for o in named} | set(stored)

    @property
    def package(self):
        "What one dot means in it"
        parts = self.name.split(".") if self.name else []
        return parts if self.path.name == "__init__.py" else parts[:-1]

    def cell_id(self, line):
        "Of the notebook cell that `line` came from"
        marks = [re.match(r"# %% \S+ #(\S+)", o) for o in self.lines[:line]]
        return next((o[1] for o in reversed(marks) if o), None)


class House:
    "The pages and modules below `root`"
    def __init__(self, root):
        self.root = Path(root)
        pages = [read_page(*o) for o in texts(self.root/"nbs", "*.ipynb")]
        modules = [read_module(*o) for o in texts(self.root/"cerebsr", "*.py")]
        self.pages = [p for p in pages if not any(o.startswith((".", "_")) for o in p.path.parts)]
        self.modules = {m.name: m for m in modules if m.name != "_modidx"}
        self.page_of = {p.module: p for p in self.pages if p.module}

    @property
    def rooms(self):
        "The modules that a page exports to, with their pages"
        return [(m, self.page_of[m.name]) for m in self.modules.values() if m.name in self.page_of]

    def place(self, module, line):
        "Where a reader finds `line` of a generated module: in the page"
        page, file = self.page_of.get(module.name), f"cerebsr/{module.path}:{line}"
        cell = next((c for c in page.cells if c.id == module.cell_id(line)), None) if page else None
        return f"{at(page, cell)} ({file})" if cell else file


def texts(folder, pattern):
    "`(path within folder, text)` of its files"
    return [(o.relative_to(folder), o.read_text(encoding="utf-8")) for o in sorted(folder.rglob(pattern))]


@lru_cache(maxsize=None)
def read_page(path, text):
    cells = []
    for i, c in enumerate(json.loads(text)["cells"], 1):
        cells.append(Cell(i, c["cell_type"], c.get("id"), "".join(c["source"]), c.get("outputs", [])))
    return Page(path, cells)


@lru_cache(maxsize=None)
def read_module(path, text):
    name = ".".join(path.with_suffix("").parts).removesuffix("__init__").rstrip(".")
    return Module(name, path, text)


def at(page, cell): return f"nbs/{page.path} cell {cell.number}"


# --- what imports what

def imports(node, package, house):
    "`(line, module, name)` of what one import takes from the house; `name` is `None` for a module"
    if isinstance(node, ast.Import):
        for o in node.names: yield from target(o.name.split("."), None, node.lineno, house)
    elif isinstance(node, ast.ImportFrom):
        parts = above(package, node.level) + (node.module.split(".") if node.module else [])
        for o in node.names: yield from target(parts, o.name, node.lineno, house)
    elif ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
        name = getattr(node.args[0], "value", None) if node.args else None
        if not isinstance(name, str): return
        dots = len(name) - len(name.lstrip("."))
        yield from target(above(package, dots) + name[dots:].split("."), None, node.lineno, house)


def above(package, dots): return ["cerebsr", *package][:len(package) + 2 - dots] if dots else []


def target(parts, name, line, house):
    "One import, if it is from the house; a name that is itself a module stands for the module"
    if parts[:1] != ["cerebsr"]: return
    module = ".".join(parts[1:])
    inner = ".".join(filter(None, [module, name]))
    if name and inner in house.modules: module, name = inner, None
    yield line, module, name


def all_imports(tree, package, house):
    "Those of `tree`, inside functions too"
    found = nodes(tree, ast.Import, ast.ImportFrom, ast.Call)
    return [o for node in found for o in imports(node, package, house)]


def module_imports(module, house): return all_imports(module.tree, module.package, house)


def aliases(trees, package, house):
    "What the imports in `trees` bind to modules of the house: variable -> module"
    bound = {}
    for node in (n for tree in trees for n in nodes(tree, ast.Import, ast.ImportFrom)):
        for o in node.names:
            whole = isinstance(node, ast.Import) and not o.asname          # `import cerebsr.viz` binds the package
            one = ast.Import([o]) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, [o], node.level)
            for _, module, name in imports(ast.copy_location(one, node), package, house):
                if whole: bound["cerebsr"] = ""
                elif name is None: bound[o.asname or o.name] = module
    return bound


def borrowed(tree, bound, house):
    "`(line, module, name)` of names reached through a bound module: `viz._panel`, `cerebsr.viz._panel`"
    for node in nodes(tree, ast.Attribute) if bound else ():
        first, *rest = ast.unparse(node.value).split(".")
        module = ".".join(filter(None, [bound.get(first), *rest]))
        if first in bound and module in house.modules: yield node.lineno, module, node.attr


def is_private(name): return bool(name) and name.startswith("_") and not name.startswith("__")


# --- the rules

RULES = {}


def rule(check):
    RULES[check.__name__] = check
    return check


@rule
def no_floor(house):
    "Every exporting page lies on a floor, in the folder of its subpackage; no generated module outlives its page"
    for page in filter(lambda o: o.module, house.pages):
        where, package = f"nbs/{page.path}", page.module.rpartition(".")[0].replace(".", "/")
        if page.floor is None: yield where, f"the folder {page.folder} is no floor"
        elif package != page.folder: yield where, f"exports to cerebsr/{package or '.'}, not to its folder's"
        if page.module not in house.modules: yield where, f"cerebsr.{page.module} is not there: run nbdev-export"
    for module in house.modules.values():
        if module.name not in house.page_of and "# AUTOGENERATED!" in module.text:
            yield f"cerebsr/{module.path}", "no page exports it any more"


@rule
def climbs(house):
    "Exported code imports lower floors, and on its own floor lower numbers"
    for module, page in house.rooms:
        for line, name, _ in module_imports(module, house):
            if not name: continue                                 # the package itself: the version
            other = house.page_of.get(name)
            if other is None: yield house.place(module, line), f"cerebsr.{name} is no page's module"
            elif page.floor and other.floor and not other.floor < page.floor:
                yield house.place(module, line), f"{module.name} imports {name}, which is not below it"


@rule
def circle(house):
    "No module needs itself"
    needs = {m.name: {o for _, o, _ in module_imports(m, house) if o} for m in house.modules.values()}
    below = {m: reach(needs, m) for m in needs}
    rings = {frozenset(o for o in below[m] if m in below.get(o, ())) for m in needs if m in below[m]}
    for ring in sorted(map(sorted, rings)): yield "cerebsr", f"need one another: {', '.join(ring)}"


def reach(needs, start):
    "All modules that `start` needs, by whatever way"
    found, todo = set(), [start]
    while todo:
        new = needs.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


@rule
def unlisted(house):
    "`cerebsr.all` brings every public name but those of the top floor, the command line"
    listed = {name for _, name, _ in module_imports(house.modules["all"], house)}
    for module, page in house.rooms:
        if module.names and module.name not in listed and module.name != FLOORS[-1]:
            yield "cerebsr/all.py", f"does not import {module.name}"


@rule
def private(house):
    "An underscore name stays in its module"
    for module in house.modules.values():
        bound = aliases([module.tree], module.package, house)
        for line, name, word in [*module_imports(module, house), *borrowed(module.tree, bound, house)]:
            if is_private(word) and name != module.name: yield house.place(module, line), f"takes {word} from {name}"
    for page in house.pages:
        bound = aliases([c.tree for c in page.inner], [], house)
        for cell in page.inner:
            for _, name, word in [*all_imports(cell.tree, [], house), *borrowed(cell.tree, bound, house)]:
                if is_private(word) and name != page.module: yield at(page, cell), f"takes {word} from {name}"


@rule
def stale_import(house):
    "What is imported from the house is there: in modules, pages, scripts and benchmarks"
    for module in house.modules.values():
        for line, what in stale(module_imports(module, house), house): yield house.place(module, line), what
    for page in house.pages:
        for cell in page.inner:
            for _, what in stale(all_imports(cell.tree, [], house), house): yield at(page, cell), what
    for folder in ("scripts", "benchmarks"):
        for path, text in texts(house.root/folder, "*.py"):
            found = all_imports(parsed(text), [], house)
            for line, what in stale(found, house): yield f"{folder}/{path}:{line}", what


def stale(found, house):
    "`(line, what)` of the imports that lead nowhere"
    for line, name, word in found:
        if name not in house.modules: yield line, f"there is no cerebsr.{name}"
        elif word not in (None, "*", *house.modules[name].bound): yield line, f"{name or 'cerebsr'} has no {word}"


@rule
def names_in_module(house):
    "A module has few public names"
    for module, page in house.rooms:
        n = len(module.names)
        if n > MAX_NAMES: yield f"nbs/{page.path}", f"{n} public names, at most {MAX_NAMES}: {' '.join(module.names)}"


@rule
def names_in_all(house):
    "The package has few public names"
    n = sum(len(m.names) for m, _ in house.rooms)
    if n > MAX_ALL_NAMES: yield "cerebsr", f"{n} public names, at most {MAX_ALL_NAMES}"


@rule
def unused(house):
    "A page uses every public name that it exports"
    for module, page in house.rooms:
        for name in module.names:
            if name not in page.mentioned: yield f"nbs/{page.path}", f"no cell uses {name}"


@rule
def long_line(house):
    "Code fits the window"
    for page in house.pages:
        for cell in page.code:
            for line in cell.lines:
                if len(line) > MAX_COLUMNS: yield at(page, cell), f"{len(line)} columns: {line.strip()[:50]} ..."


@rule
def long_cell(house):
    "A cell fits the screen"
    for page in house.pages:
        for cell in page.code:
            n = len(cell.lines)
            if n > MAX_CELL: yield at(page, cell), f"{n} lines, at most {MAX_CELL}: {cell.lines[0].strip()[:50]}"


@rule
def long_module(house):
    "A generated module is short"
    for module, page in house.rooms:
        n = len(module.lines)
        most = STILL_LONG.get(module.name, MAX_MODULE)
        if n > most: yield f"nbs/{page.path}", f"cerebsr.{module.name} has {n} lines, at most {most}"


@rule
def many_parameters(house):
    "A function has few parameters of its own; what it delegates by `**kwargs` does not count"
    for module, _ in house.rooms:
        for node in nodes(module.tree, ast.FunctionDef, ast.AsyncFunctionDef):
            given = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            n = sum(o.arg not in ("self", "cls") for o in given)
            if n > MAX_PARAMETERS:
                yield house.place(module, node.lineno), f"{node.name} has {n} parameters, at most {MAX_PARAMETERS}"


@rule
def late_figure(house):
    "A course page shows a picture at once"
    for page in filter(lambda o: o.is_course, house.pages):
        if page.figure is None: yield f"nbs/{page.path}", "no figure"
        elif page.figure.number > FIGURE_WITHIN:
            yield at(page, page.figure), f"the first figure is not among the first {FIGURE_WITHIN} cells"


@rule
def code_before_figure(house):
    "A course page shows little code before its first picture"
    for page in filter(lambda o: o.is_course and o.figure, house.pages):
        n = page.lines_before_figure
        if n > MAX_LINES_BEFORE:
            yield at(page, page.figure), f"{n} visible lines before the first figure, at most {MAX_LINES_BEFORE}"


@rule
def long_page(house):
    "A course page is read in one sitting"
    for page in filter(lambda o: o.is_course, house.pages):
        if page.minutes > MAX_MINUTES:
            took = f"{page.minutes:.0f} minutes: {page.words} words, {page.visible_lines} visible lines"
            yield f"nbs/{page.path}", f"{took}; at most {MAX_MINUTES}"


def faults(folder):
    "All `(rule, where, what)`"
    house = House(folder)
    return [(name, *fault) for name, check in RULES.items() for fault in dict.fromkeys(check(house))]


# --- the table

def report(house):
    "A table of all pages: its columns are the limits above"
    head = "page", "module", "names", "lines", "longest", "visible", "words", "minutes", "figure", "before"
    rows = [head]
    for page in house.pages:
        module = house.modules.get(page.module)
        longest = max((len(line) for c in page.code for line in c.lines), default=0)
        figure = page.figure.number if page.figure else "-"
        before = page.lines_before_figure if page.figure else "-"
        size = (len(module.names), len(module.lines)) if module else ("", "")
        row = page.path.with_suffix(""), page.module or "", *size, longest
        rows.append((*row, page.visible_lines, page.words, f"{page.minutes:.0f}", figure, before))
    rows = [tuple(map(str, r)) for r in rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(o.ljust(w) if i < 2 else o.rjust(w) for i, (o, w) in enumerate(zip(row, widths))).rstrip())
    print(f"{sum(len(m.names) for m, _ in house.rooms)} public names in {len(house.rooms)} modules")


# --- the self test: a page and its module that keep every rule by a hair, and one change of them for each fault

FIGURE = [dict(output_type="display_data", metadata={}, data={"image/png": ""})]
VIEWER = [dict(output_type="display_data", metadata={}, data={"text/html": ["<p>", "<canvas>"]})]


def lines(n): return "\n".join(f"a{i} = {i}" for i in range(n))


def columns(n): return "#" + "x"*(n - 1)


def parameters(n): return f"def many(self, {', '.join(f'p{i}' for i in range(n))}, *args, **kwargs): pass\n"


def markdown(text): return "markdown", text, []


def code(text, outputs=()): return "code", text, list(outputs)


TEXT = f"""
import numpy as np
from .core import load_volume
from . import __version__
{parameters(MAX_PARAMETERS)}
def planted():
    from . import core
    import scipy
"""

INNOCENT = dict(
    number="95", names=["planted"], text=TEXT, extra={}, listed=True,
    cells=dict(
        question=markdown("What is this? [A link](https://a.b/c) <details> folded </details>"),
        module=code("#| default_exp planted"),
        hidden=code("#| hide\n" + lines(20)),
        exported=code("#| export\n" + lines(MAX_CELL)),
        inside=code("#| exporti\n" + lines(20)),
        before=code("#| exports\n" + lines(MAX_LINES_BEFORE - 1)),
        folded=code("#| code-fold: true\n" + lines(30)),
        filler=markdown("a"), more=markdown("b"),
        figure=code("show(planted)", FIGURE),
        wide=code(columns(MAX_COLUMNS)),
    ),
)


def plant(folder, number, names, text, extra, listed, cells):
    "Write the page and its module below `folder`, and what else it takes"
    page = folder/f"nbs/{number}_planted.ipynb"
    cells = [dict(cell_type=kind, id=key, metadata={}, source=source, outputs=outputs)
             for key, (kind, source, outputs) in cells.items()]
    page.write_text(json.dumps(dict(cells=cells)), encoding="utf-8")
    module = f"__all__ = {names}\n# %% ../{page.name} #exported\n{text}"
    everything = (folder/"cerebsr/all.py").read_text(encoding="utf-8") + "from cerebsr.planted import *\n"*listed
    files = {"cerebsr/planted.py": module, "cerebsr/all.py": everything} | extra
    for name, body in files.items(): (folder/name).write_text(body, encoding="utf-8")
    return [page, *(folder/name for name in files)]


def with_text(line, **more): return dict(text=f"{TEXT}\n{line}\n", **more)


def with_cells(**cells): return dict(cells=INNOCENT["cells"] | cells)


def changes(core):
    "`(rule, is it a fault, change)`; `core` is the text of the lowest module"
    yield "no_floor", True, with_cells(module=code("#| default_exp nowhere.planted"))
    yield "no_floor", True, with_cells(module=code("#| default_exp missing"))
    yield "no_floor", True, with_cells(module=code("#| default_exp engine.products"))
    yield "no_floor", True, dict(extra={"cerebsr/lost.py": "# AUTOGENERATED!"})

    for line in ("from .cli import app", "from . import cli", "import cerebsr.cli", "from .all import *",
                 "from cerebsr.studies.plan import Plan", "def f():\n    from cerebsr import cli",
                 "importlib.import_module('cerebsr.cli')", "import_module('.cli', 'cerebsr')"):
        yield "climbs", True, with_text(line)
    yield "climbs", True, with_text("from .viz import show_planes", number="01")
    yield "climbs", False, with_text("from .viz import show_planes", number="02")

    yield "circle", True, dict(extra={"cerebsr/core.py": f"{core}\nfrom .planted import planted\n"})
    yield "circle", False, with_text("from .cli import app")
    yield "unlisted", True, dict(listed=False)
    yield "unlisted", False, dict(listed=False, names=[])

    for line in ("from cerebsr.core import _inner", "from cerebsr import core\ncore._inner",
                 "import cerebsr.core\ncerebsr.core._inner", "import cerebsr.core as c\ndef f(): return c._inner()"):
        yield "private", True, with_text(line)
        yield "private", True, with_cells(wide=code(line))
    yield "private", True, with_cells(wide=code("from cerebsr import core"), last=code("core._inner"))
    yield "private", False, with_text("from .core import inner\ninner._own\nplanted._own")
    yield "private", False, with_text("from cerebsr import planted\nplanted._own")
    yield "private", False, with_cells(wide=code("from cerebsr.planted import _own"))

    for line in ("from cerebsr.core import gone", "from cerebsr.nowhere import planted", "import cerebsr.nowhere"):
        yield "stale_import", True, with_text(line)
        yield "stale_import", True, with_cells(wide=code(line))
        yield "stale_import", True, dict(extra={"scripts/planted.py": line})
    yield "stale_import", False, with_text("from .core import load_volume, np\nfrom . import __version__, core")
    yield "stale_import", False, dict(extra={"benchmarks/planted.py": "from cerebsr.planted import planted, many, np"})

    yield "names_in_module", False, dict(names=[f"n{i}" for i in range(MAX_NAMES)])
    yield "names_in_module", True, dict(names=[f"n{i}" for i in range(MAX_NAMES + 1)])
    yield "names_in_all", True, dict(names=[f"n{i}" for i in range(MAX_ALL_NAMES + 1)])

    for source in ("#| exports\nplanted()", "# planted", "from cerebsr.planted import planted", "'planted'"):
        yield "unused", True, with_cells(figure=code(source, FIGURE))
    yield "unused", False, with_cells(figure=code("cerebsr.planted.planted(1)", FIGURE))
    yield "unused", False, with_cells(figure=code("%matplotlib inline\nplanted(1)", FIGURE))

    for directive in ("", "#| export\n", "#| hide\n"):
        yield "long_line", True, with_cells(wide=code(directive + columns(MAX_COLUMNS + 1)))
    yield "long_line", False, with_cells(wide=markdown(columns(MAX_COLUMNS + 1)))

    yield "long_cell", True, with_cells(exported=code("#| export\n" + lines(MAX_CELL + 1)))

    header = len(f"__all__\n#\n{TEXT}".splitlines())
    yield "long_module", False, dict(text=TEXT + "#\n"*(MAX_MODULE - header))
    yield "long_module", True, dict(text=TEXT + "#\n"*(MAX_MODULE - header + 1))

    yield "many_parameters", True, with_text(parameters(MAX_PARAMETERS + 1))
    yield "many_parameters", True, with_text(f"class A:\n    {parameters(MAX_PARAMETERS + 1)}")

    yield "late_figure", True, with_cells(figure=code("planted"))
    yield "late_figure", True, with_cells(figure=code("#| hide\nplanted", FIGURE))
    yield "late_figure", True, with_cells(figure=code("planted"), wide=code("planted", FIGURE))
    yield "late_figure", False, with_cells(figure=code("planted", VIEWER))

    for directive in ("", "#| exports\n", "#| code-fold: false\n"):
        yield "code_before_figure", True, with_cells(before=code(directive + lines(MAX_LINES_BEFORE + 1)))
    yield "code_before_figure", False, with_cells(before=code(lines(MAX_LINES_BEFORE)))

    words = " ".join(["word"]*WORDS_A_MINUTE*(MAX_MINUTES - 2))
    unread = f"[link]({words}) <details>{words}</details> <b {words}>"
    yield "long_page", False, with_cells(question=markdown(words), filler=markdown(unread))
    yield "long_page", True, with_cells(question=markdown(words), wide=code(lines(2*LINES_A_MINUTE)))
    yield "long_page", True, with_cells(question=markdown(words + words))


def selftest():
    "Is every fault noticed, and nothing else?"
    wrong, tried = [], Counter()
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        for part in ("nbs", "cerebsr", "scripts", "benchmarks"):
            shutil.copytree(root/part, folder/part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        before = faults(folder)
        kept = {o: (folder/o).read_text(encoding="utf-8") for o in ("cerebsr/core.py", "cerebsr/all.py")}

        def noticed(change):
            written = plant(folder, **INNOCENT | change)
            new = Counter(faults(folder)) - Counter(before)
            for path in written: path.unlink()
            for name, text in kept.items(): (folder/name).write_text(text, encoding="utf-8")
            return {name for name, *_ in new}

        refused = noticed({}) - {"names_in_all"}                  # the tree itself may stand at that limit
        if refused: wrong.append(f"a page that keeps every rule is refused: {', '.join(sorted(refused))}")
        for name, is_fault, change in changes(kept["cerebsr/core.py"]):
            tried[name] += is_fault
            if (name in noticed(change)) == is_fault: continue
            wrong.append(f"{name}: {'a fault goes unnoticed' if is_fault else 'false alarm'}: {str(change)[-200:]}")
        wrong += [f"{name}: nothing was planted" for name in RULES if not tried[name]]
        if Counter(before) - Counter(faults(root)): wrong.append("the copy reports what the tree does not")
        if faults(folder) != before: wrong.append("the copy did not come back as it was")
    if wrong: sys.exit("\n".join(wrong))
    print(f"{sum(tried.values())} faults planted, all noticed by {len(RULES)} rules")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="print the table of all pages first")
    parser.add_argument("--selftest", action="store_true", help="plant each fault in a copy")
    args = parser.parse_args()
    if args.selftest: return selftest()
    house, found = House(root), faults(root)
    if args.report: report(house)
    for name, where, what in found: print(f"{where}: {name}: {what}")
    counts = Counter(name for name, *_ in found)
    if found: sys.exit(f"{len(found)} faults: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    print(f"{len(house.pages)} pages and {len(house.rooms)} modules keep {len(RULES)} rules")


if __name__ == "__main__": main()
