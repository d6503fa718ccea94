"""Ctrl-C in the first moments of `./setup.sh run`: it ends there, installs nothing and leaves nothing behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.speaker import ROOT

PYTHON = """#!/bin/sh
# An interpreter that takes Ctrl-C, which the whole terminal gets, for an error of its own: so does the real one.
case "$*" in
    *@MOMENT@*) trap 'exit 1' INT; kill -INT 0; sleep 5 ;;
    *pip*) touch "${0%/*}/installed" ;;
    *sys.prefix*) cd "${0%/*}/.." && pwd ;;
    *'-m desk'*) cd @ROOT@ && kill -INT $$ && exec @REAL@ "$@" ;;
esac
"""


needs = pytest.mark.skipif(
    not (shutil.which("mpd") and shutil.which("ffmpeg")), reason="else Debian's packages come first"
)


def run(place: Path, moment: str) -> "subprocess.CompletedProcess[str]":
    """A checkout with that interpreter, and Ctrl-C at this moment."""
    shutil.copy(ROOT / "setup.sh", place)
    shutil.copy(ROOT / "pyproject.toml", place)
    python = place / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    script = PYTHON.replace("@MOMENT@", moment).replace("@ROOT@", str(ROOT)).replace("@REAL@", sys.executable)
    python.write_text(script)
    python.chmod(0o755)
    return subprocess.run(
        [place / "setup.sh", "run", "--camera", "actor"],
        cwd=place,
        env=os.environ
        | {"XDG_CACHE_HOME": str(place / "cache"), "MIEN_RUN": str(place / "run"), "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )


@needs
@pytest.mark.parametrize("moment", ["version_info", "sys.prefix", "-VV"])
def test_ctrl_c_in_the_first_moments_ends_the_run_and_leaves_what_is_installed_as_it_is(
    moment: str, tmp_path: Path
) -> None:
    """It once took the environment for broken, removed it and began to install another."""
    ran = run(tmp_path, moment)
    assert [file.name for file in (tmp_path / ".venv" / "bin").iterdir()] == ["python"], ran.stdout
    assert ran.returncode == 130


@needs
def test_ctrl_c_before_python_can_hear_it_is_kept_for_it_and_ends_it_in_a_word(tmp_path: Path) -> None:
    """The signal is there before the interpreter is: each moment of its start is later than that."""
    ran = run(tmp_path, "in-no-call")
    assert (ran.returncode, ran.stdout.splitlines()[-1:], ran.stderr) == (0, ["ended"], "")
    assert not (tmp_path / "run").exists() and not (tmp_path / "cache" / "mien" / "songs").exists()
