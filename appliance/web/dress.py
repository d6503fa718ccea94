"""What the pages wear: stylesheet, script and icons, each under an address of its edition's own.

A phone keeps them for an hour. After an upgrade it asks for other addresses, so that no new page wears old clothes; and
the worker that keeps the page for when the box is away is another one, and keeps the new one.
"""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask

WORN = ("static", "templates", "translations")


def put(app: Flask) -> None:
    edition = mark(Path(app.root_path))

    @app.url_defaults
    def marked(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = edition


def mark(root: Path) -> str:
    """Tells one edition of the pages from another by all that they are made of."""
    made = hashlib.sha256()
    for folder in WORN:
        for file in sorted(one for one in (root / folder).rglob("*") if one.is_file()):
            made.update(file.read_bytes())
    return made.hexdigest()[:12]
