"""What a thread needed for a moment goes back to the system, in a process of its own."""

import subprocess
import sys

import pytest

from tests.appliance.box import ROOT

LIFE = """
import ctypes, resource, sys, threading
from appliance.thrift import be_thrifty, give_back

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() >> 20

def taken(megabytes):
    piece = libc.malloc(megabytes << 20)
    ctypes.memset(piece, 1, megabytes << 20)
    return piece

def study():
    libc.free(taken(30))  # from such a piece glibc learns to keep much
    for piece in [taken(1) for _ in range(50)]:
        libc.free(piece)
    done.set()
    over.wait()

if sys.argv[1] == "thrifty":
    be_thrifty()
before, done, over = resident(), threading.Event(), threading.Event()
threading.Thread(target=study).start()
done.wait()
give_back()
print(resident() - before)
over.set()
"""


@pytest.mark.parametrize(("manner", "kept"), [("thrifty", range(10)), ("as glibc is", range(40, 60))])
def test_what_a_thread_took_is_kept_by_glibc_unless_it_is_told_otherwise(manner: str, kept: range) -> None:
    words = [sys.executable, "-c", LIFE, manner]
    assert int(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout) in kept
