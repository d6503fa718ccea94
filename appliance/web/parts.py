"""The parts of the pages that live, as HTML: drawn once for each scene and tongue, however many phones look."""

from collections.abc import Mapping

from flask import Flask, render_template

from appliance.web.house import House
from appliance.web.live import Scene
from appliance.web.words import Words

PARTS = ("hero", "ask", "song", "wish", "eye", "trouble", "lesson", "health", "again")


class Parts:
    """For the server's threads: two that meet draw the same twice, which harms nothing."""

    def __init__(self, app: Flask, house: House) -> None:
        self._app, self._house = app, house
        self._drawn: dict[str, tuple[Scene, Mapping[str, str]]] = {}

    def draw(self, scene: Scene, words: Words) -> Mapping[str, str]:
        last = self._drawn.get(words.tongue)
        if last is not None and last[0] is scene:
            return last[1]
        house = self._house
        told = {"s": scene.snapshot, "trail": scene.trail, "pursuits": house.pursuits.read(),
                "restarts": house.restart is not None}  # fmt: skip
        with self._app.app_context():
            parts = {name: render_template(f"parts/{name}.html", _=words, **told) for name in PARTS}
        self._drawn[words.tongue] = (scene, parts)
        return parts
