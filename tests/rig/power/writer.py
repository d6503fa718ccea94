"""The box at its busiest, to be recorded: `python -m tests.rig.power.writer FOLDER ACKS SEED CHANGES`.

Makes changes of every kind in an order drawn by the seed, and tells the file ACKS of each as it begins and when it is
promised to be kept.
"""

import os
import sys
from collections import Counter
from pathlib import Path
from random import Random

from tests.rig.power.keepers import KEEPERS


def main(words: list[str]) -> int:
    folder, acks, random, changes = Path(words[0]), Path(words[1]), Random(int(words[2])), int(words[3])
    say = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    keepers = {name: kind(folder) for name, kind in KEEPERS.items()}
    turns: Counter[str] = Counter()
    os.write(say, b"running\n")
    for name in random.choices(list(keepers), k=changes):
        turns[name] += 1
        os.write(say, f"begin {name} {turns[name]}\n".encode())
        keepers[name].change(turns[name])
        os.write(say, f"kept {name} {turns[name]}\n".encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
