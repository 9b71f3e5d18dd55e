"""The guest test: does a reader who typed `pip install .` and presses "Run all" get through every page?

check_guest.py             a fresh environment without the dev extra, every page from the top, and the import
check_guest.py PAGE ...    the same for these pages
check_guest.py --import    only the import, in the Python that runs this script
check_guest.py --env DIR   keep the environment in DIR, and use it again

A page runs in a copy of the repository, without real volumes (CEREBSR_DATA is unset), and all its cells run, those
marked `data`, `slow` and `cuda` too: JupyterLab knows nothing of marks. It fails on an error, and if a file of the
package is another one afterwards. `import cerebsr.all` must print nothing, and may take 1.5 times what torch and fastai
take.
"""
import argparse, hashlib, json, os, re, shutil, subprocess, sys, tempfile, time, venv
from pathlib import Path

root = Path(__file__).resolve().parent.parent
OURS, THEIRS = "import cerebsr.all", "import torch, fastai.learner"
MAX_RATIO, TRIES = 1.5, 5
NOT_A_GUESTS = "CEREBSR_DATA", "MPLBACKEND", "PYTHONPATH", "PYTHONWARNINGS", "VIRTUAL_ENV"


# --- the import

def run_import(python, statement, folder):
    "Seconds, all that was printed and the exit status, in a fresh process that is not in the repository"
    start = time.perf_counter()
    done = subprocess.run([python, "-c", statement], cwd=folder, capture_output=True, text=True, env=guest_env(python))
    return time.perf_counter() - start, done.stdout + done.stderr, done.returncode


def check_import(python):
    "What is wrong with the import; says how long it takes"
    with tempfile.TemporaryDirectory() as folder:
        _, printed, failed = run_import(python, OURS, folder)
        if printed or failed: yield f"`{OURS}` {'fails' if failed else 'prints'}:\n{printed}"
        if failed: return
        run_import(python, THEIRS, folder)                        # the first of each only fills the disk's cache
        tries = [[run_import(python, o, folder)[0] for o in (OURS, THEIRS)] for _ in range(TRIES)]
    ours, theirs = map(min, zip(*tries))
    ratio = ours/theirs
    print(f"{OURS}: {ours:.2f} s, {ratio:.2f} times {THEIRS} ({theirs:.2f} s)", flush=True)
    if ratio > MAX_RATIO: yield f"`{OURS}` takes {ratio:.2f} times as long as `{THEIRS}`, at most {MAX_RATIO}"


# --- the guest's machine

def guest_env(python, home=None):
    "Environment variables of a shell in which the guest's environment is active"
    env = {k: v for k, v in os.environ.items() if k not in NOT_A_GUESTS}
    env["PATH"] = os.pathsep.join([str(Path(python).parent), env.get("PATH", "")])
    return env | (dict(HOME=str(home)) if home else {})


def copy_repository(target):
    "What a clone would hold, with the changes that are not committed yet"
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                            capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        source, path = root/name, target/name
        if not source.exists(): continue
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, path, follow_symlinks=False)


def install(folder, copy):
    "Python of an environment in `folder` that holds what `pip install .` brings, and what runs a notebook"
    python = folder/("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists(): venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, ".", "nbconvert", "ipykernel"], cwd=copy, check=True)
    shutil.rmtree(copy/"build", ignore_errors=True)
    shutil.rmtree(copy/"cerebsr.egg-info", ignore_errors=True)
    return str(python)


def installed_package(python):
    "Folder that the guest imports `cerebsr` from"
    code = "import importlib.util as u; print(u.find_spec('cerebsr').submodule_search_locations[0])"
    out = subprocess.run([python, "-c", code], cwd=Path(python).parent, capture_output=True, text=True, check=True)
    return Path(out.stdout.strip())


def fingerprints(*folders):
    "Content of every file below `folders`, as a hash"
    files = [o for folder in folders for o in sorted(folder.rglob("*")) if o.is_file() and "__pycache__" not in o.parts]
    return {o: hashlib.sha256(o.read_bytes()).hexdigest() for o in files}


# --- a page

def run_page(python, page, out, home, timeout):
    "Run all cells of `page` from the top, in its own folder: the error's last lines, or nothing"
    command = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--log-level=ERROR", f"--output-dir={out}",
               f"--ExecutePreprocessor.timeout={timeout}", page.name]
    done = subprocess.run(command, cwd=page.parent, capture_output=True, text=True, env=guest_env(python, home))
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr).strip()
    return "\n".join(text.splitlines()[-25:]) if done.returncode else ""


def warnings_in(notebook):
    "First line of each warning that the guest sees"
    outputs = [o for c in json.loads(notebook.read_text(encoding="utf-8"))["cells"] for o in c.get("outputs", [])]
    text = "".join("".join(o["text"]) for o in outputs if o.get("name") == "stderr")
    return list(dict.fromkeys(o.strip() for o in text.splitlines() if "Warning: " in o))


def check_page(python, page, copy, out, home, timeout):
    "What is wrong with one page; says how long it takes, which warnings a guest sees and which files it leaves"
    package = copy/"cerebsr", installed_package(python)
    before, files, start = fingerprints(*package), set(copy.rglob("*")), time.perf_counter()
    error, name = run_page(python, page, out, home, timeout), page.relative_to(copy)
    after = fingerprints(*package)
    print(f"{name}: {time.perf_counter() - start:.0f} s{', FAILED' if error else ''}", flush=True)
    if error: yield f"{name}: an error:\n{error}"
    else:
        for line in warnings_in(out/page.name): print(f"  a guest sees: {line[:160]}")
    changed = sorted(o.name for o in before.keys() | after.keys() if before.get(o) != after.get(o))
    if changed: yield f"{name}: has changed the package: {', '.join(changed)}"
    left = sorted(o for o in set(copy.rglob("*")) - files if not {"__pycache__", ".ipynb_checkpoints"} & set(o.parts))
    if left: print(f"  leaves {', '.join(str(o.relative_to(copy)) for o in left[:5])}{' ...' if len(left) > 5 else ''}")


def check_pages(names, env, timeout):
    "What is wrong with the import and with the pages `names` (all if none), in a fresh environment"
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)
        copy, out, home = tmp/"cerebsr", tmp/"out", tmp/"home"
        for folder in (copy, out, home): folder.mkdir()
        copy_repository(copy)
        start = time.perf_counter()
        python = install(Path(env).resolve() if env else tmp/"env", copy)
        print(f"pip install . ({time.perf_counter() - start:.0f} s)", flush=True)
        yield from check_import(python)
        pages = [copy/(root/o).resolve().relative_to(root) for o in names] or sorted((copy/"nbs").rglob("*.ipynb"))
        for page in pages: yield from check_page(python, page, copy, out, home, timeout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="notebooks, as nbs/03_kspace.ipynb; all if none is named")
    parser.add_argument("--import", dest="only_import", action="store_true", help="only the import, with this Python")
    parser.add_argument("--env", help="folder of an environment to make, or to use again")
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one cell")
    args = parser.parse_args()
    names = [] if args.pages == ["all"] else args.pages
    wrong = list(check_import(sys.executable) if args.only_import else check_pages(names, args.env, args.timeout))
    if wrong: sys.exit("\n\n".join(wrong))
    print("a guest gets through")


if __name__ == "__main__": main()
