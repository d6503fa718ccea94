"""When the listener holds still: nobody may notice it.

It runs under SCHED_IDLE and at the lowest priority, so the kernel itself gives it a core only while nobody else wants
one. That alone does not spare the eye's caches and the card's bandwidth on a box that is busy anyway, so between songs
it also waits while more is running than there are cores, or while somebody holds a file named `quiet-please` in the
run folder. It never waits for ever: a song now and then is heard even on a box that is always busy.
"""

import contextlib
import os
import threading
from pathlib import Path

NICE = 19
LONGEST = 60.0
"""Seconds after which a song is heard however busy the box is; not while the file is there."""
STEP = 2.0
FLAG = "quiet-please"


def step_back() -> None:
    """This process and all it starts, from now on, after everybody else."""
    os.nice(NICE)
    with contextlib.suppress(OSError, AttributeError):  # a container may forbid it; nice alone then serves
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800")  # should memory end, this goes first


def wait(load: float, cores: int, flagged: bool, waited: float) -> float:
    """Seconds to wait before looking again; nought to go on. `load`: who wants a core now, ourselves not counted."""
    if flagged or (load > cores and waited < LONGEST):
        return STEP
    return 0.0


def load(proc: Path = Path("/proc")) -> float:
    """How many processes run or want to just now, this one not counted."""
    return max(0, int((proc / "loadavg").read_text().split()[3].partition("/")[0]) - 1)


def rest(flag: Path, over: threading.Event) -> None:
    """Between two songs: until nobody else wants the core, or long enough, or it is over."""
    cores, waited = os.cpu_count() or 1, 0.0
    while step := wait(load(), cores, flag.exists(), waited):
        if over.wait(step):
            return
        waited += step


def never(over: threading.Event) -> None:
    """No rest at all."""
