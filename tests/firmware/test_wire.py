"""The wire: whatever comes in, cut anywhere, there come out messages or one kind of error; and no picture fits."""

import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import wire

share = st.floats(0, 1)
scores = st.tuples(share, share, share, share, share, share, share)
faces = st.builds(wire.Face, st.integers(0, 9999), scores, share, share, share, share)
conditions: st.SearchStrategy[wire.Condition] = st.sampled_from(typing.get_args(wire.Condition))
words: st.SearchStrategy[wire.Word] = st.one_of(
    st.builds(wire.Hello, st.just(wire.VERSION), st.text("0123456789abcdef", max_size=64)),
    st.builds(wire.Glance, st.floats(0, 1e10), conditions, share, st.lists(faces, max_size=8).map(tuple)),
    st.builds(wire.Gesture, st.sampled_from(typing.get_args(wire.GestureName))),
    st.builds(wire.Shutter, st.booleans()),
    st.builds(wire.Health, st.sampled_from(("ok", "closed", "lost")), st.text(max_size=240), share, share),
    st.builds(wire.Glow, st.sampled_from(typing.get_args(wire.Pattern)), share),
    st.just(wire.LookNow()),
    st.builds(wire.Pace, st.floats(0.1, 4)),
    st.just(wire.Again()),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places})
    return [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(st.lists(words, max_size=5), st.lists(st.integers(0, 10**6), max_size=12))
def test_messages_survive_any_cut(said: list[wire.Word], places: list[int]) -> None:
    reader = wire.Reader()
    heard = [word for part in cut(b"".join(map(wire.pack, said)), places) for word in reader.feed(part)]
    assert heard == said


@given(st.binary(max_size=3 * wire.LIMIT), st.lists(st.integers(0, 10**6), max_size=8), words)
def test_any_bytes_yield_messages_or_faults_and_the_next_message_is_heard(
    noise: bytes, places: list[int], word: wire.Word
) -> None:
    reader = wire.Reader()
    whole = [repr(w) for w in wire.Reader().feed(noise)]
    parts = [w for part in cut(noise, places) for w in reader.feed(part)]
    assert all(isinstance(w, wire.Fault | msgspec.Struct) for w in parts)
    assert [repr(w) for w in parts] == whole, "where the bytes are cut makes no difference"
    assert list(reader.feed(b"\n" + wire.pack(word)))[-1] == word


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"is":"hello","version":2}', wire.UnknownMessage),
        (b'{"is":"open_shutter"}', wire.UnknownMessage),
        (b'{"is":"pace"}', wire.MissingField),
        (b'{"is":"look","again":1}', wire.SuperfluousField),
        (b'{"is":"pace","factor":400}', wire.Malformed),
        (b'{"is":"glow","pattern":"camera"}', wire.Malformed),
        (b"[" * 3000, wire.Malformed),
        (b"\xff\xfe", wire.Malformed),
        (b"x" * wire.LIMIT, wire.Malformed),
    ],
)
def test_each_fault_has_its_own_name_and_the_link_recovers(line: bytes, fault: type[wire.Fault]) -> None:
    heard = list(wire.Reader().feed(line + b"\n" + wire.pack(wire.LookNow())))
    assert [type(word) for word in heard] == [fault, wire.LookNow]
    assert len({wire.UnknownMessage, wire.MissingField, wire.SuperfluousField}) == 3


def test_a_message_that_is_too_long_cannot_be_sent() -> None:
    with pytest.raises(ValueError):
        wire.pack(wire.Health("lost", "x" * 241))
    with pytest.raises(ValueError, match="the wire takes 4096"):
        wire.pack(wire.Health("lost", "x" * wire.LIMIT))


def test_a_flood_without_an_end_is_one_fault_held_in_little_memory_and_the_next_line_is_heard() -> None:
    reader = wire.Reader()
    heard = [word for _ in range(50) for word in reader.feed(b"x" * 1000)]
    assert [type(word) for word in heard] == [wire.Malformed]
    assert list(reader.feed(b"the end of it\n" + wire.pack(wire.LookNow()))) == [wire.LookNow()]


def test_a_long_line_that_comes_whole_is_one_fault_too() -> None:
    heard = list(wire.Reader().feed(b"x" * 3 * wire.LIMIT + b"\n" + wire.pack(wire.LookNow())))
    assert [type(word) for word in heard] == [wire.Malformed, wire.LookNow]


def leaves(kind: msgspec.inspect.Type) -> typing.Iterator[tuple[msgspec.inspect.Type, int]]:
    """Every value that a message can hold, and how many of it."""
    match kind:
        case msgspec.inspect.StructType(fields=fields):
            for field in fields:
                yield from leaves(field.type)
        case msgspec.inspect.UnionType(types=types):
            for one in types:
                yield from leaves(one)
        case msgspec.inspect.TupleType(item_types=items):
            for item in items:
                yield from leaves(item)
        case msgspec.inspect.VarTupleType(item_type=item, max_length=length):
            assert length is not None, "a list without an end could hold a picture"
            yield from ((leaf, count * length) for leaf, count in leaves(item))
        case _:
            yield kind, 1


def test_the_schema_cannot_carry_pixels() -> None:
    """All that fits is bounded numbers, names from lists and one short sentence: of numbers at most 8 faces of 12, with
    at most 3 more. The smallest crop that a network may take has 256."""
    for message in typing.get_args(wire.Up) + typing.get_args(wire.Down):
        numbers = texts = 0
        for leaf, count in leaves(msgspec.inspect.type_info(message)):
            match leaf:
                case msgspec.inspect.FloatType(le=most) | msgspec.inspect.IntType(le=most):
                    assert most is not None, "every number is bounded"
                    numbers += count
                case msgspec.inspect.StrType(max_length=length):
                    assert length is not None and length <= 240
                    texts += count
                case msgspec.inspect.LiteralType() | msgspec.inspect.BoolType():
                    pass
                case other:
                    raise AssertionError(f"{message.__name__} holds {other}, which is not known to be harmless")
        assert numbers <= 8 * 12 + 3
        assert texts <= 1
