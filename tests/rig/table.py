"""docs/rig.md: one table of all that was checked, to which each part of the rig brings its own rows."""

import fcntl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HEAD = ("| part | what was checked | found | |", "|---|---|---|---|")


@dataclass(frozen=True)
class Checked:
    """One row: what was looked at, what was found, and whether that is as promised."""

    what: str
    found: str
    good: bool = True

    def row(self, part: str) -> str:
        cells = (cell.replace("|", "/").replace("\n", " ") for cell in (part, self.what, self.found))
        return f"| {' | '.join(cells)} | {'yes' if self.good else '**no**'} |"


def put(page: str, part: str, rows: Iterable[Checked]) -> str:
    """The page with this part's rows in place of its old ones; other parts' rows and all prose stay as they were."""
    lines = page.splitlines()
    first = lines.index(HEAD[0]) + len(HEAD)
    last = next((at for at in range(first, len(lines)) if not lines[at].startswith("|")), len(lines))
    others = [line for line in lines[first:last] if not line.startswith(f"| {part} |")]
    whole = [*lines[:first], *others, *(row.row(part) for row in rows), *lines[last:]]
    return "\n".join(whole) + "\n"


def keep(file: Path, part: str, rows: Iterable[Checked]) -> None:
    """Two parts may end at once."""
    with file.open("r+", encoding="utf-8") as page:
        fcntl.flock(page, fcntl.LOCK_EX)
        whole = put(page.read(), part, rows)
        page.seek(0)
        page.write(whole)
        page.truncate()
