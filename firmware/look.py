"""One picture in, one glance out: `python -m firmware.look < picture`, a process that lives for one photo.

The answer is one line of JSON on standard output, always: {"ok": true, "glance": {...}} as the wire has it, or
{"ok": false, "why": "..."} and exit code 1. The picture comes from strangers, so a child judges it that can open no
file and no socket, write nothing, and take only so much memory and time; what kills the child becomes an answer.
"""

import argparse
import json
import os
import resource
import select
import signal
import sys
import time

LARGEST = 20 * 1024 * 1024  # bytes of a picture
PIXELS = 100_000_000
MEMORY = 640 * 1024 * 1024  # bytes beyond what the judge itself needs
PROCESSOR = 8  # seconds
DEADLINE = 30.0  # seconds until the child is given up, whatever it waits for
SIDE = 1280  # pixels that a picture is brought to
KINDS = "a JPEG, PNG or WebP picture"


class Unfit(ValueError):
    """A picture that cannot be judged; the message is for the person who sent it."""


def kind(data: bytes) -> str:
    """What the first bytes say that this is. Unfit for all that is not taken."""
    if not data:
        raise Unfit("Nothing came. Please send " + KINDS + ".")
    if len(data) > LARGEST:
        raise Unfit("This picture is larger than 20 MB. Please send a smaller one.")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"):
        raise Unfit("This is a HEIC picture, which this box cannot read. Please send it as JPEG.")
    raise Unfit("This is not " + KINDS + ".")


def confine() -> None:
    """From here on: no new file, socket or process; nothing written but to what is open; bounded memory and time."""
    with open("/proc/self/statm") as file:  # noqa: PTH123  # procfs
        used = int(file.read().split()[0]) * resource.getpagesize()
    spent = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 1
    for what, most in (
        (resource.RLIMIT_AS, used + MEMORY),
        (resource.RLIMIT_CPU, spent + PROCESSOR),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))


def judge(source: int) -> str:
    """In the child: the answer to the picture that comes out of descriptor `source`."""
    os.environ |= {"OPENCV_IO_MAX_IMAGE_PIXELS": str(PIXELS), "OPENCV_LOG_LEVEL": "SILENT", "OPENBLAS_NUM_THREADS": "1"}
    import cv2
    import msgspec
    import numpy as np

    from firmware import wire
    from firmware.cascades import CascadeMissing
    from firmware.expression import ModelError, Network
    from firmware.faces import Faces
    from firmware.glance import read_face
    from firmware.light import measure
    from firmware.settings import FacesSettings

    try:
        cv2.setNumThreads(1)
        with os.fdopen(source, "rb") as file:
            data = file.read(LARGEST + 1)
        form = kind(data)
        network, faces = Network(), Faces(FacesSettings(smallest=0.08, most=8))
        confine()
        half = form == "jpeg" and len(data) > LARGEST // 10  # large photos are read at half size, at a quarter the cost
        mode = cv2.IMREAD_REDUCED_GRAYSCALE_2 if half else cv2.IMREAD_GRAYSCALE  # both turn it as its EXIF says
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), mode)
        if picture is None or min(picture.shape) < 24:
            raise Unfit("This picture is broken or tiny. Please try another one.")
        scale = min(1.0, SIDE / max(picture.shape))
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        frame = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        named = [msgspec.structs.replace(r.face, number=n) for n, face in enumerate(faces.survey(frame)[:8], 1)
                 if (r := read_face(frame, face, network))]  # fmt: skip
        glance = wire.Glance(
            time.monotonic(), "seen" if named else "nobody", round(measure(frame).brightness, 4), tuple(named)
        )
    except (Unfit, ModelError, CascadeMissing) as error:
        return refusal(str(error))
    except MemoryError:
        return refusal("This picture is too large to be judged.")
    except cv2.error as error:
        too_large = "pixels" in str(error).lower() or error.code == cv2.Error.StsNoMem
        return refusal("This picture " + ("has too many pixels." if too_large else "cannot be read."))
    return json.dumps({"ok": True, "glance": msgspec.to_builtins(glance)})


def refusal(why: str) -> str:
    return json.dumps({"ok": False, "why": why})


def answer(source: int) -> str:
    """Have a child judge the picture, and say what came of it."""
    ears, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(ears)
            os.write(mouth, judge(source).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(mouth)
    os.close(source)
    deadline = time.monotonic() + DEADLINE
    said = b""
    while select.select([ears], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(ears, 65536)
        if not part:
            break
        said += part
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if said and os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return said.decode()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return refusal("This picture took too long to judge. Please try another one.")
    return refusal("This picture could not be judged. Please try another one.")


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m firmware.look", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fd", type=int, default=0, help="the descriptor that the picture comes from")
    said = answer(parser.parse_args(words).fd)
    print(said)
    return 0 if said.startswith('{"ok": true') else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
