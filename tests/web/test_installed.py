"""The page as an app on a phone: what a browser asks before it offers to install it."""

import struct

from flask.testing import FlaskClient

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_phone_finds_a_name_a_start_and_icons_of_the_sizes_told(stranger: FlaskClient) -> None:
    """Open to a phone that is not let in yet: it tells nothing of the room."""
    told = stranger.get("/manifest.webmanifest")
    assert told.mimetype == "application/manifest+json"
    manifest = told.get_json()
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Mien", "/", "standalone")
    sizes = set()
    for icon in manifest["icons"]:
        picture = stranger.get(icon["src"])
        assert picture.status_code == 200 and picture.mimetype == icon["type"]
        if icon["type"] == "image/png":
            assert picture.data.startswith(PNG)
            assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", picture.data[16:24]))
        sizes.add((icon["sizes"], icon.get("purpose", "any")))
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes


def test_the_app_speaks_the_phones_tongue(stranger: FlaskClient) -> None:
    told = stranger.get("/manifest.webmanifest", headers={"Accept-Language": "ko"}).get_json()
    assert told["lang"] == "ko" and told["shortcuts"][0]["name"] == "음악"
