"""Which Mien this is: the versions that a person tells when asking for help."""

import platform
import sys
import tomllib
from importlib import metadata

from appliance import places


def own() -> str:
    """This code's version; the code's own file is asked first, for an editable copy's papers may be old."""
    try:
        told = tomllib.loads((places.HERE / "pyproject.toml").read_text("utf-8"))
        return str(told["project"]["version"])
    except (OSError, ValueError, KeyError):
        try:
            return metadata.version("mien")
        except metadata.PackageNotFoundError:
            return "unknown"


def versions() -> dict[str, str]:
    """By name: Mien, Python, the system and the machine."""
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        system = platform.system()
    return {
        "Mien": own(),
        "Python": ".".join(str(part) for part in sys.version_info[:3]),
        "System": f"{system}, {platform.machine()}",
    }
