"""Time tasks against each other: interleaved rounds, medians, ratios within a round, growth over sizes.

A stage is a module with
    unit      what one task does, in words
    sizes     four volume edges; the growth of each task is fitted over them. The largest but one is the one compared
    requires  packages without which it is skipped
    pairs     (task, neighbour, target or None): how many times faster the task should be
    tasks(size) -> dict of name to a function without arguments
and may have `rounds` of its own, and `extra()`, more facts for the JSON.
"""
import os, platform, time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np


def seconds(task):
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def interleaved(tasks, rounds):
    "`(rounds, tasks)` seconds; one round first that does not count"
    for task in tasks.values(): task()
    return np.array([[seconds(task) for task in tasks.values()] for _ in range(rounds)])


def machine():
    cpu = (
        next(
            (o.split(": ")[1] for o in Path("/proc/cpuinfo").read_text().splitlines() if o.startswith("model name")), ""
        )
        if Path("/proc/cpuinfo").is_file()
        else platform.processor()
    )
    return f"{cpu or platform.machine()}, {os.cpu_count()} CPUs"


def measure(stage, rounds, quick):
    "Rows of tasks and of pairs"
    if missing := [p for p in stage.requires if not find_spec(p)]:
        return dict(skipped=f"{', '.join(missing)} not installed")
    sizes, rounds = stage.sizes[:2] if quick else stage.sizes, getattr(stage, "rounds", rounds)
    main, times = sizes[-2], {}
    for n in sizes:
        tasks = stage.tasks(n)
        times[n] = interleaved(tasks, rounds if n == main else max(2, rounds//2))
    names, middle = list(tasks), {n: np.median(t, 0) for n, t in times.items()}
    slope = np.polyfit(np.log([float(n)**3 for n in sizes]), np.log([middle[n] for n in sizes]), 1)[0]
    rows = [
        dict(
            task=k,
            seconds=float(f"{middle[main][i]:.3g}"),
            fastest=float(f"{times[main][:, i].min():.3g}"),
            slowest=float(f"{times[main][:, i].max():.3g}"),
            growth=round(float(slope[i]), 2),
            by_size={str(n): float(f"{middle[n][i]:.3g}") for n in sizes},
        )
        for i, k in enumerate(names)
    ]
    at = names.index
    pairs = [
        dict(
            task=a,
            neighbour=b,
            times_faster=round(float(np.median(times[main][:, at(b)] / times[main][:, at(a)])), 2),
            target=target,
        )
        for a, b, target in stage.pairs
    ]
    return dict(unit=stage.unit, size=main, rounds=rounds, tasks=rows, pairs=pairs) | (
        stage.extra() if hasattr(stage, "extra") and not quick else {}
    )


def versions(*packages): return {p: version(p) for p in packages if find_spec(p)}
