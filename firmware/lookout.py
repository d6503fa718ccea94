"""The one that holds the camera open, on a thread of its own, and lights the camera lamp for exactly as long.

The owner asks it for one look at a time and gets one event back. Nothing else has the camera or its lamp.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from firmware.camera import Camera, CameraLost, Grey
from firmware.panel import Lamp


@dataclass(frozen=True)
class Looked:
    """A frame was read."""

    frame: Grey


@dataclass(frozen=True)
class LookFailed:
    """The camera is lost, and has been released."""

    why: str


@dataclass(frozen=True)
class Released:
    """The camera is free and its lamp is out."""


Outcome = Looked | LookFailed | Released
Wish = Literal["look", "release", "quit"]


class Lookout:
    """`post` is called from the thread with the outcome of each wish, in order."""

    def __init__(self, open_camera: Callable[[], Camera], lamp: Lamp, post: Callable[[Outcome], None]) -> None:
        self._open_camera = open_camera
        self._lamp = lamp
        self._post = post
        self._camera: Camera | None = None
        self._wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="lookout", daemon=True)
        self._thread.start()

    def wish(self, what: Wish) -> None:
        """look: open the camera if it is not, and read it. release: free it. quit: free it and end."""
        self._wishes.put(what)

    def join(self, seconds: float) -> bool:
        """Wait for the end, but not for long; False if the camera hangs."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while (wish := self._wishes.get()) != "quit":
            if wish == "look":
                self._post(self._look())
            else:
                self._release()
                self._post(Released())
        self._release()

    def _look(self) -> Outcome:
        try:
            if self._camera is None:
                self._lamp.on()  # before, so that no moment of an open camera is unlit
                self._camera = self._open_camera()
            return Looked(self._camera.read())
        except CameraLost as error:
            self._release()
            return LookFailed(str(error))

    def _release(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()
        self._lamp.off()
