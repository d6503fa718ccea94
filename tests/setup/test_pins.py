"""The packages from pip are pinned, for both Pythons."""

import json
import re
import subprocess

import pytest

from tests.setup.box import ROOT


@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_the_pinned_packages_cover_what_the_project_asks_for(python: str) -> None:
    text = (ROOT / "install" / f"python-{python}.txt").read_text()
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))
    assert all(
        re.search(rf"^{re.escape(name)}==.*\\\n +--hash=sha256:[0-9a-f]{{64}}", text, re.MULTILINE) for name in pins
    )
    wanted = json.loads(subprocess.run(
        ["python3", "-c", "import json, sys, tomllib; print(json.dumps(tomllib.load(sys.stdin.buffer)))"],
        input=(ROOT / "pyproject.toml").read_bytes(), capture_output=True, check=True).stdout)["project"]  # fmt: skip
    lines = (
        wanted["dependencies"] + wanted["optional-dependencies"]["runtime"] + wanted["optional-dependencies"]["songs"]
    )
    here = [line.partition(";")[0] for line in lines if fits(line.partition(";")[2], python)]
    names = {re.split(r"[<>=! ]", line)[0] for line in here}
    assert names <= set(pins), "remake the list: see its head"
    assert "numpy" not in pins and "opencv-python-headless" not in pins, "on a Pi these come from Debian"


def fits(marker: str, python: str) -> bool:
    """Whether a line of pyproject is meant for this Python; it knows the two markers that are used."""
    return not marker.strip() or ("<" in marker) == (python == "3.11")
