"""One thing that the doctor looked at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`fix` says what to do where it is not well; empty where it is."""

    what: str
    said: str
    fix: str = ""

    @property
    def well(self) -> bool:
        return not self.fix
