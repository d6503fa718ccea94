"""What a person is told who waits for the speaker to be ready. Pure: time is an argument."""

STANDS = 10.0
"""Seconds after which what is missing is no matter of starting any more."""
SILENT = 60.0
"""The same where not even the page answers, which a small machine may take long for."""


class Tidings:
    """Each trouble is told once, when it has stood for a while, and again only when it has become another."""

    def __init__(self, now: float) -> None:
        self._since = now
        self._wrong: list[str] | None = None
        self._told = False

    def heard(self, wrong: list[str] | None, now: float) -> str:
        """What there is to say now; mostly nothing. `wrong` is None while the page does not answer."""
        if wrong != self._wrong:
            self._since, self._wrong, self._told = now, wrong, False
        if self._told or now - self._since < (SILENT if wrong is None else STANDS):
            return ""
        self._told = True
        return f"not ready yet: {'; '.join(wrong or ['the page does not answer'])}"
