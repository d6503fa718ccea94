"""The network: used exactly as its contract says, or not at all, with the reason told."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.actor import Scene
from firmware.expression import Contract, ModelError, Network, crop, sharpness
from firmware.wire import EXPRESSIONS
from tests.firmware.frames import shots


@pytest.fixture
def copied(model: Path, tmp_path: Path) -> Path:
    for suffix in (".tflite", ".json"):
        shutil.copy(model.with_suffix(suffix), tmp_path / f"expression{suffix}")
    return tmp_path / "expression.tflite"


def write(file: Path, **changes: object) -> None:
    contract = json.loads(file.with_suffix(".json").read_text())
    file.with_suffix(".json").write_text(json.dumps(contract | changes))


def sign(file: Path) -> None:
    import hashlib

    write(file, fingerprint=hashlib.sha256(file.read_bytes()).hexdigest()[:16])


def test_seven_scores_sum_to_one_and_the_same_face_gives_the_same(network: Network) -> None:
    face = crop(shots(Scene())[0], 320, 240, 170, network.contract)
    scores = network.read(face)
    assert scores is not None and len(scores) == len(EXPRESSIONS)
    assert sum(scores) == pytest.approx(1)
    assert min(scores) >= 0
    assert network.read(face) == scores


def test_brightness_and_contrast_of_a_room_change_no_expression(network: Network) -> None:
    face = crop(shots(Scene(noise=0))[0], 320, 240, 170, network.contract)
    dim = (face * 0.5 + 20).astype(np.uint8)
    one, other = network.read(face), network.read(dim)
    assert one is not None and other is not None
    assert np.argmax(one) == np.argmax(other)


def test_a_missing_network_is_named_and_a_restored_one_works(copied: Path) -> None:
    copied.rename(copied.with_suffix(".away"))
    with pytest.raises(ModelError, match=r"cannot be read.*restore models/"):
        Network(copied)
    copied.with_suffix(".away").rename(copied)
    assert Network(copied).fingerprint


def test_a_network_without_its_contract_is_refused(copied: Path) -> None:
    contract = copied.with_suffix(".json").read_bytes()
    copied.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match="belongs beside the network"):
        Network(copied)
    for broken in (b"", b"{}", contract[:-20], contract.replace(b'"side"', b'"size"')):
        copied.with_suffix(".json").write_bytes(broken)
        with pytest.raises(ModelError, match="no contract"):
            Network(copied)
    copied.with_suffix(".json").write_bytes(contract)
    assert Network(copied).fingerprint


def test_another_network_than_the_contracts_is_refused(copied: Path) -> None:
    whole = copied.read_bytes()
    copied.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelError, match="is for network"):
        Network(copied)
    copied.write_bytes(whole)
    assert Network(copied).fingerprint


@pytest.mark.parametrize("spoil", [b"", b"PK" * 900, b"\x00" * 64])
def test_a_corrupt_network_is_refused_even_when_signed(copied: Path, spoil: bytes) -> None:
    whole = copied.read_bytes()
    copied.write_bytes(spoil)
    sign(copied)
    with pytest.raises(ModelError, match="cannot run it"):
        Network(copied)
    copied.write_bytes(whole)
    sign(copied)
    assert Network(copied).fingerprint


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"side": 17}, r"not one int8 \[1, 17, 17, 1\]"),
        ({"version": 2}, "version 2"),
        ({"classes": ["happy"]}, "classes"),
        ({"confusion": [[1.0]]}, "confusion"),
        ({"fold_contempt": {"bored": 1.0}}, "fold_contempt"),
        ({"fold_contempt": {"sad": 0.3}}, "fold_contempt"),
    ],
)
def test_a_contract_that_does_not_fit_is_refused(copied: Path, changes: dict[str, object], said: str) -> None:
    write(copied, **changes)
    with pytest.raises(ModelError, match=said):
        Network(copied)


def test_what_is_no_face_is_refused_by_the_network(network: Network) -> None:
    """Of patterns that are no faces it lets few pass; a false face would need to pass twice in one place."""
    random = np.random.default_rng(3)
    passed = 0
    for _ in range(40):
        coarse = random.integers(0, 255, (int(random.integers(2, 5)),) * 2, np.uint8)
        side = network.contract.side
        passed += network.read(np.kron(coarse, np.ones(((side + 1) // 2,) * 2, np.uint8))[:side, :side]) is not None
    assert passed <= 20


@given(
    st.floats(-50, 700),
    st.floats(-50, 530),
    st.floats(2, 900),
    st.integers(16, 256),
)
def test_a_crop_is_of_the_networks_size_wherever_the_face_stands(x: float, y: float, width: float, side: int) -> None:
    contract = Contract(1, "0" * 16, side, 0.1, 4.0, 3.0, (), 1.0, 0.5, {}, ())
    frame = np.full((480, 640), 77, np.uint8)
    cut = crop(frame, x, y, width, contract)
    assert cut.shape == (side, side)
    assert (cut == 77).all(), "beyond the border the border goes on"


@pytest.mark.parametrize("side", [48, 64, 80])
def test_a_crop_is_centred_and_as_wide_as_the_margin_says(side: int) -> None:
    contract = Contract(1, "0" * 16, side, 0.5, 4.0, 3.0, (), 1.0, 0.5, {}, ())
    frame = np.zeros((200, 200), np.uint8)
    frame[76:124, 76:124] = 255
    cut = crop(frame, 100, 100, 48, contract)
    quarter = side // 4
    assert cut[quarter:-quarter, quarter:-quarter].min() == 255
    assert cut[: quarter - 1].max() == 0


def test_a_sharp_face_counts_as_sharper_than_a_smeared_one() -> None:
    import cv2

    face = shots(Scene(noise=0))[0][140:340, 220:420]
    assert sharpness(face) > sharpness(np.asarray(cv2.GaussianBlur(face, (0, 0), 6), np.uint8))


def test_a_face_counts_as_equally_sharp_whatever_the_networks_size() -> None:
    frame = shots(Scene(noise=0))[0]
    told = [
        sharpness(crop(frame, 320, 235, 170, Contract(1, "0" * 16, side, 0.0, 4.0, 3.0, (), 1.0, 0.5, {}, ())))
        for side in (48, 64, 96)
    ]
    assert max(told) - min(told) < 0.05, told
