"""When the listener holds still: nobody may notice it.

It runs under SCHED_IDLE and at the lowest priority, so the kernel itself gives it a core only while nobody else wants
one. That alone does not spare the eye's caches and the card's bandwidth on a box that is busy anyway, so between songs
it also waits while more is running than there are cores, and while the eye looks at somebody (`appliance/hush.py`). A
song now and then is heard even on a box that is always busy; none while somebody is looked at.
"""

import contextlib
import logging
import os
import threading
from pathlib import Path

from appliance import hush

NICE = 19
LONGEST = 60.0
"""Seconds after which a song is heard however busy the box is; not while the eye looks at somebody."""
STEP = 2.0
log = logging.getLogger("mien.library")


def step_back() -> None:
    """This process and all it starts, from now on, after everybody else."""
    os.nice(NICE)
    with contextlib.suppress(OSError, AttributeError):  # a container may forbid it; nice alone then serves
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800")  # should memory end, this goes first


def wait(load: float, cores: int, asked: bool, waited: float) -> float:
    """Seconds to wait before looking again; nought to go on. `load`: who wants a core now, ourselves not counted."""
    if asked or (load > cores and waited < LONGEST):
        return STEP
    return 0.0


def load(proc: Path = Path("/proc")) -> float:
    """How many processes run or want to just now, this one not counted; nought where that is not to be seen."""
    try:
        told = (proc / "loadavg").read_text()
    except OSError:  # systemd's ProcSubset=pid hides it; SCHED_IDLE is then all the courtesy there is
        return 0.0
    return max(0, int(told.split()[3].partition("/")[0]) - 1)


def rest(flag: Path | None, over: threading.Event) -> None:
    """Between two songs: until nobody else wants the core, or long enough, or it is over. `flag` None: heeds no eye."""
    cores, waited, told = os.cpu_count() or 1, 0.0, False
    while step := wait(load(), cores, asked := flag is not None and hush.asked(flag), waited):
        if asked and not told:
            log.info("holding still while the eye looks at somebody")
            told = True
        if over.wait(step):
            return
        waited += step


def never(over: threading.Event) -> None:
    """No rest at all."""
