"""The ear's committed files: what the box may rely on, held without any song of others."""

import sys
from pathlib import Path

import numpy as np
import pytest
import tflite  # type: ignore[import-untyped]  # it ships no types

from appliance.library.features import names
from appliance.library.mapping import FILE, Mapping, NoMapping
from appliance.library.network import MODEL, Deaf, Network
from appliance.library.spectrum import Floats

# The highest operator versions that tflite-runtime 2.14 reads, for the operators that the network uses.
READABLE = {"CONV_2D": 3, "ADD": 2, "PAD": 2, "MEAN": 2, "REDUCE_MAX": 2, "CONCATENATION": 2, "FULLY_CONNECTED": 4}


def bands(count: int) -> Floats:
    """Mel power of no music in particular: a few decaying tones over noise."""
    rng = np.random.default_rng(4)
    return np.asarray(rng.gamma(0.3, 0.02, (count, 187, 96)) * np.exp(-np.arange(96) / 30), np.float32)


def test_every_operator_is_one_that_the_oldest_runtime_reads() -> None:
    model = tflite.Model.GetRootAsModel(MODEL.read_bytes(), 0)
    called = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}
    graph = model.Subgraphs(0)
    for i in range(graph.OperatorsLength()):
        code = model.OperatorCodes(graph.Operators(i).OpcodeIndex())
        name = called[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        assert code.Version() <= READABLE[name], f"{name}: tflite-runtime 2.14 would refuse the file"


def test_the_files_are_small_and_made_for_each_other() -> None:
    assert MODEL.stat().st_size <= 1_000_000
    assert FILE.stat().st_size <= 300_000
    network, mapping = Network(), Mapping()
    assert network.fingerprint == mapping.network
    assert mapping.names == names()
    assert network.listen(bands(1)).shape == (1, len(mapping.embedding.middle))


def test_both_runtimes_hear_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounded a step or two of 256 apart here and there, which moves no song by more than a fifteenth of its doubt."""
    pytest.importorskip("tflite_runtime", reason="tflite-runtime has no wheel above Python 3.11")
    old = Network().listen(bands(20))
    monkeypatch.setattr(sys, "version_info", (3, 12))
    new = Network().listen(bands(20))
    assert np.abs(old - new).mean() <= 0.03 * old.std()
    mapping = Mapping()
    usual = mapping.features.middle.astype(np.float32)
    for song in range(0, 20, 5):
        one, two = (mapping.place(usual, heard[song : song + 5].mean(0)) for heard in (old, new))
        assert abs(one.valence - two.valence) <= 0.02 and abs(one.energy - two.energy) <= 0.02


def test_songs_that_are_unlike_all_that_were_judged_are_doubted_more() -> None:
    mapping = Mapping()
    usual = mapping.place(mapping.features.middle.astype(np.float32), mapping.embedding.middle.astype(np.float32))
    far = (mapping.features.middle + 3 * mapping.features.spread).astype(np.float32)
    strange = mapping.place(far, (mapping.embedding.middle + 3 * mapping.embedding.spread).astype(np.float32))
    assert strange.valence_doubt > usual.valence_doubt
    assert strange.energy_doubt > usual.energy_doubt


def test_a_spoilt_file_is_named_and_a_whole_one_is_read_again(tmp_path: Path) -> None:
    network, mapping = tmp_path / "ear.tflite", tmp_path / "ear.npz"
    for content in (b"", b"not a network at all", MODEL.read_bytes()[:2000]):
        network.write_bytes(content)
        with pytest.raises(Deaf, match=r"ear\.tflite"):
            Network(network, Mapping().network)
        mapping.write_bytes(content)
        with pytest.raises(NoMapping, match="restore models/"):
            Mapping(mapping)
    with pytest.raises(Deaf):
        Network(tmp_path / "missing")
    network.write_bytes(MODEL.read_bytes())
    mapping.write_bytes(FILE.read_bytes())
    wanted = Mapping(mapping).network
    assert Network(network, wanted).fingerprint == wanted
