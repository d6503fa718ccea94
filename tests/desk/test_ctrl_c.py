"""Ctrl-C while `./setup.sh run` still looks whether all is installed: it ends there, and installs nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.speaker import ROOT

PYTHON = """#!/bin/sh
# An interpreter that takes Ctrl-C, which the whole terminal gets, for an error of its own: so does the real one.
case "$*" in
    *@MOMENT@*) trap 'exit 1' INT; kill -INT 0; sleep 5 ;;
    *pip*) touch "${0%/*}/installed" ;;
    *sys.prefix*) cd "${0%/*}/.." && pwd ;;
esac
"""


@pytest.mark.skipif(not (shutil.which("mpd") and shutil.which("ffmpeg")), reason="else Debian's packages come first")
@pytest.mark.parametrize("moment", ["version_info", "sys.prefix", "-VV"])
def test_ctrl_c_in_the_first_moments_ends_the_run_and_leaves_what_is_installed_as_it_is(
    moment: str, tmp_path: Path
) -> None:
    """It once took the environment for broken, removed it and began to install another."""
    shutil.copy(ROOT / "setup.sh", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text(PYTHON.replace("@MOMENT@", moment))
    python.chmod(0o755)
    ran = subprocess.run(
        [tmp_path / "setup.sh", "run"],
        cwd=tmp_path,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert sorted(binaries.iterdir()) == [python], ran.stdout
    assert ran.returncode == 130
