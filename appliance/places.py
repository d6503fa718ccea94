"""Where things lie on the box; the environment moves them for a test or a trial run."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
DEFAULTS = HERE / "config"
CONTRACT = HERE / "models" / "expression.json"


def etc() -> Path:
    return Path(os.environ.get("MIEN_ETC", "/etc/mien"))


def state() -> Path:
    return Path(os.environ.get("MIEN_STATE", "/var/lib/mien"))


def run() -> Path:
    return Path(os.environ.get("MIEN_RUN", "/run/mien"))
