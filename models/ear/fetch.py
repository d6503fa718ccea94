"""Fetch: unlabelled music to learn from, out of games that Debian packages.

    python -m models.ear.fetch MUSIC

Each package is downloaded by apt-get, unpacked in MUSIC and its archive removed; one that is there already is left
alone, one that cannot be had is named and passed over. Nothing of it is installed, and nothing of it is shipped.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

PACKAGES = (
    "wesnoth-1.16-music",  # orchestral: sad, battle, victory
    "singularity-music",
    "hyperrogue-music",
    "fretsonfire-songs-muldjord",  # rock
    "fretsonfire-songs-sectoid",
    "nexuiz-music",  # electronic
    "planetblupi-music-ogg",
    "colobot-common-sounds",
    "supertuxkart-data",
    "ufoai-music",
    "drascula-music",
    "fillets-ng-data",
    "boswars-data",
    "pushover-data",
    "zaz-data",
    "lugaru-data",
    "neverball-data",
    "asc-music",
)


def fetch(music: Path) -> None:
    music.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        place = music / package
        if place.exists():
            continue
        with tempfile.TemporaryDirectory(dir=music, prefix=".fetch-") as beside:
            loaded = subprocess.run(["apt-get", "download", "-q", package], cwd=beside, check=False)
            archives = list(Path(beside).glob("*.deb"))
            if loaded.returncode or not archives:
                print(f"{package}: cannot be had; left out")
                continue
            unpacked = Path(beside) / "unpacked"
            subprocess.run(["dpkg-deb", "-x", str(archives[0]), str(unpacked)], check=True)
            unpacked.rename(place)
        print(f"{package}: {sum(file.stat().st_size for file in place.rglob('*') if file.is_file()) >> 20} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=Path)
    fetch(parser.parse_args().music)
