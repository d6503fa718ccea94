"""One process of the speaker: started, watched, started again when it fails, ended with all that it began."""

import os
import pwd
import signal
import subprocess
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

AGAIN = 75  # the exit code of a half that a person asked, on the page, to be started again
PATIENCE = 6.0  # seconds to end by itself, before it is killed
TRIES, SPELL = 5, 60.0  # this many failures within so many seconds are too many
WAITS = (0.3, 1.0, 2.0, 4.0, 8.0)
CODE = Path(__file__).resolve().parent.parent


class Hopeless(RuntimeError):
    """A process that will not stay up; the message ends with its own last words."""


@dataclass
class Child:
    """`user`: an ordinary user that it runs as, when root starts it."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    user: str = ""
    _process: "subprocess.Popen[bytes] | None" = None
    _failures: deque[float] = field(default_factory=lambda: deque(maxlen=TRIES))
    _again: float = 0.0

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """A session of its own, so that Ctrl-C reaches it through us, in order; should we be killed, it ends too."""
        command = ["setpriv", "--pdeathsig", "TERM"]
        environment = os.environ | self.environment
        if self.user and os.geteuid() == 0:
            person = pwd.getpwnam(self.user)
            command += ["--reuid", str(person.pw_uid), "--regid", str(person.pw_gid), "--init-groups"]
            environment |= {"HOME": person.pw_dir, "USER": person.pw_name, "LOGNAME": person.pw_name}
            environment.pop("XDG_RUNTIME_DIR", None)  # root's; not this user's to use
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--", *self.command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment, start_new_session=True, cwd=CODE,
            )  # fmt: skip

    def tend(self, now: float) -> str:
        """Start it again if it ended. What happened, in a sentence; empty if nothing did. Raises Hopeless."""
        if self._process is not None and self._process.poll() is None:
            return ""
        if self._process is not None:
            code, self._process = self._process.returncode, None
            if code == AGAIN:
                self.start()
                return f"{self.name} was asked to start again"
            self._failures.append(now)
            if len(self._failures) == TRIES and now - self._failures[0] < SPELL:
                raise Hopeless(f"{self.name} does not stay up (exit {code}). It said:\n{self.last_words()}")
            wait = WAITS[min(len(self._failures), len(WAITS)) - 1]
            self._again = now + wait
            return f"{self.name} ended (exit {code}); again in {wait:g} s"
        if now < self._again:
            return ""
        self.start()
        return f"{self.name} is started again"

    def last_words(self, lines: int = 8) -> str:
        try:
            return "\n".join("    " + line for line in self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError as error:
            return f"    ({error})"

    def ask(self) -> None:
        """Ask it to end, and do not wait for it."""
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Ask it to end, and see that it and all that it started has. Safe to repeat."""
        self.ask()
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # nothing of it was left, as it should be
