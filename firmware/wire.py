"""All that may pass between the half that sees and the half that speaks, and its framing.

One JSON object a line, at most 4 KiB. Every field is a bounded number, a name from a list, or one short
sentence, so nothing here can hold a picture, a crop or an embedding. Each end first says Hello.
A line that is not a message becomes one Fault, and reading goes on with the next line.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

VERSION = 1
LIMIT = 4096

Expression = Literal["neutral", "happy", "surprise", "sad", "angry", "disgust", "fear"]
EXPRESSIONS: tuple[Expression, ...] = get_args(Expression)

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, Meta(ge=0.0, le=1e10)]
Sentence = Annotated[str, Meta(max_length=240)]
Condition = Literal["seen", "nobody", "dark", "covered"]
GestureName = Literal["press", "double", "long", "very_long"]
Pattern = Literal[
    "starting", "watching", "scanning", "asking", "closed", "fault", "off",
    "neutral", "happy", "surprise", "sad", "angry", "disgust", "fear",
]  # fmt: skip


class Message(Struct, frozen=True, forbid_unknown_fields=True, tag_field="is"):
    """What every message is: frozen, closed, named by its tag."""


class Hello(Message, tag="hello", frozen=True):
    """The first line each way. `network` is the fingerprint of the network in use; empty from the half that speaks."""

    version: Annotated[int, Meta(ge=0, le=9999)]
    network: Annotated[str, Meta(max_length=64)] = ""


class Face(Struct, frozen=True, forbid_unknown_fields=True):
    """One face: its small number, seven scores in the order of EXPRESSIONS; centre, width and sharpness as shares."""

    number: Annotated[int, Meta(ge=0, le=9999)]
    scores: tuple[Share, Share, Share, Share, Share, Share, Share]
    x: Share
    y: Share
    size: Share
    sharpness: Share


class Glance(Message, tag="glance", frozen=True):
    """Up: what one frame told, `at` seconds of the sender's monotonic clock. An unchanged frame tells the same."""

    at: Seconds
    condition: Condition
    brightness: Share
    faces: Annotated[tuple[Face, ...], Meta(max_length=8)] = ()


class Gesture(Message, tag="gesture", frozen=True):
    """Up: what the button was told."""

    name: GestureName


class Shutter(Message, tag="shutter", frozen=True):
    """Up: the shutter closed or opened. Reported, never requested."""

    closed: bool


class Health(Message, tag="health", frozen=True):
    """Up, every few seconds: is the camera well, what is wrong if not, and how busy this half is."""

    camera: Literal["ok", "closed", "lost"]
    trouble: Sentence = ""
    frames_per_minute: Annotated[float, Meta(ge=0.0, le=6000.0)] = 0.0
    memory_mb: Annotated[float, Meta(ge=0.0, le=65536.0)] = 0.0


class Glow(Message, tag="glow", frozen=True):
    """Down: what the mood lamp shows, and at most how brightly, as a share of what this half's own settings let it
    shine by day. The camera lamp cannot be reached from here."""

    pattern: Pattern
    most: Share = 1.0


class LookNow(Message, tag="look", frozen=True):
    """Down: a short burst of glances, please."""


class Pace(Message, tag="pace", frozen=True):
    """Down: how often to look from now on, as a multiple of the half's own rate; it keeps its own limits."""

    factor: Annotated[float, Meta(ge=0.1, le=4.0)]


class Again(Message, tag="again", frozen=True):
    """Down: end, to be started again, which frees what hangs. A half that has only just begun, or whose shutter would
    not outlast it closed, goes on."""


Up = Hello | Glance | Gesture | Shutter | Health
Down = Hello | Glow | LookNow | Pace | Again
Word = Up | Down


class Fault(ValueError):
    """A line that was no message, and why. One of the kinds below."""


class Malformed(Fault):
    """Not JSON, too long, or a value out of its bounds."""


class UnknownMessage(Fault):
    """A message, or a version, that this half does not know."""


class MissingField(Fault):
    """A known message that lacks a field."""


class SuperfluousField(Fault):
    """A known message with a field too many."""


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Word] = msgspec.json.Decoder(Word)


def pack(message: Word) -> bytes:
    """One message as one line. ValueError if it cannot be a message: a value out of bounds, or over the limit."""
    line = _encoder.encode(message) + b"\n"
    if len(line) > LIMIT:
        raise ValueError(f"a {type(message).__name__} of {len(line)} bytes; the wire takes {LIMIT}")
    _decoder.decode(line)
    return line


def unpack(line: bytes) -> Word:
    """The message that a line holds. Raises the Fault that tells what is wrong."""
    try:
        message = _decoder.decode(line)
    except msgspec.ValidationError as error:
        said = str(error)
        if "missing required field" in said:
            raise MissingField(said) from None
        if "unknown field" in said:
            raise SuperfluousField(said) from None
        if "Invalid value" in said and "$.is" in said:
            raise UnknownMessage(said) from None
        raise Malformed(said) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
    if isinstance(message, Hello) and message.version != VERSION:
        raise UnknownMessage(f"the other half speaks version {message.version}, this one {VERSION}: upgrade both")
    return message


class Reader:
    """Bytes in, cut anywhere; messages and faults out, in order."""

    def __init__(self) -> None:
        self._rest = b""
        self._drowning = False

    def feed(self, data: bytes) -> Iterator[Word | Fault]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self._drowning:
                self._drowning = False
                continue
            if len(line) >= LIMIT:
                yield Malformed(f"a line of over {LIMIT} bytes")
                continue
            try:
                yield unpack(line)
            except Fault as fault:
                yield fault
        if len(self._rest) >= LIMIT:
            if not self._drowning:
                yield Malformed(f"a line of over {LIMIT} bytes")
            self._rest, self._drowning = b"", True
