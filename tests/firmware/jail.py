"""A jail for a process under test: the kernel ends it if it ever asks for a socket that could reach a network.

Handed to subprocess.Popen as `preexec_fn`. Looking at a process's sockets now and then could miss one that lives for a
moment; this cannot. SIGSYS is what such a process dies of.
"""

import ctypes
import platform
import socket
import struct

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF: load a word, jump if equal, return
_NUMBER, _MACHINE, _FIRST = 0, 4, 16  # where the call's number, the machine and the first argument stand
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # the machine's mark, and its number of socket()

known = platform.machine() in _MACHINES


def local_sockets_only() -> None:
    """From here on, for this process and all that it starts: socket() of any family but AF_UNIX is death."""
    mark, call = _MACHINES[platform.machine()]
    program = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 0, 5, mark),  # another machine's calls: death
        (_LOAD, 0, 0, _NUMBER),
        (_EQUAL, 0, 2, call),
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 0, 1, int(socket.AF_UNIX)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL),
    ]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    lines = ctypes.create_string_buffer(code, len(code))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(lines)))
    libc = ctypes.CDLL(None, use_errno=True)
    for words in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _FILTER, whole, 0, 0)):
        if libc.prctl(*words):
            raise OSError(ctypes.get_errno(), "prctl")
