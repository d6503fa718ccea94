"""The benchmark runs, and judges fairly what is known."""

import gzip
import random
from pathlib import Path

import pytest

from firmware.wire import EXPRESSIONS
from tests.bench import mood
from tests.bench.timelines import Frame, Read, load, timeline


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Made-up numbers, right nine times of ten: they prove the benchmark, not the network. Never kept."""
    chance = random.Random(1)
    rows = ["truth," + ",".join(EXPRESSIONS)]
    for name in EXPRESSIONS:
        for _ in range(12):
            read = name if chance.random() < 0.9 else chance.choice(EXPRESSIONS)
            rows.append(name + "," + ",".join("0.880" if k == read else "0.020" for k in EXPRESSIONS))
    path = tmp_path / "outputs.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write("\n".join(rows) + "\n")
    return path


def test_a_timeline_is_the_same_for_the_same_seed(outputs: Path) -> None:
    readings = load(outputs)
    assert timeline(readings, 0.1, 3) == timeline(readings, 0.1, 3) != timeline(readings, 0.1, 4)


def test_a_perfect_judge_has_no_false_switch_and_no_delay(outputs: Path) -> None:
    frames = timeline(load(outputs), 0.5, 3)
    result = mood.measure("perfect", frames, [frame.truth for frame in frames])
    assert (result.false_per_hour, result.median, result.right, result.missed) == (0, 0, 1, 0)


def test_a_judge_that_never_changes_misses_what_changes() -> None:
    def stretch(number: int, truth: str) -> list[Frame]:
        return [
            Frame(number * 60 + i / 2, truth, number, "seen", (Read(0, 0.3, (1 / 7,) * 7),))  # type: ignore[arg-type]  # a mood's name
            for i in range(120)
        ]

    frames = stretch(0, "happy") + stretch(1, "sad") + stretch(2, "happy")
    result = mood.measure("stuck", frames, ["happy"] * len(frames))
    assert result.missed == pytest.approx(1 / 3)
    assert result.right == pytest.approx(2 / 3)


def test_the_whole_benchmark_writes_its_page(
    outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["mood", "--outputs", str(outputs), "--hours", "0.2", "--docs", str(tmp_path)])
    mood.main()
    assert "**ours**" in capsys.readouterr().out
    assert "majority of 20 frames" in (tmp_path / "bench-mood.md").read_text()
    assert (tmp_path / "bench-mood.svg").read_text().startswith("<svg")


def test_without_the_numbers_the_benchmark_says_how_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["mood", "--outputs", str(tmp_path / "none")])
    with pytest.raises(SystemExit, match=r"models\.eye\.judge"):
        mood.main()
