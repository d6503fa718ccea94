"""HTTPS as a phone sees it: why it wants it, the certificate that it takes for it, and no way to lock oneself out."""

import hashlib
import ssl
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.wrappers import Response as Answer

from appliance.settings import Fault
from appliance.web.house import House
from appliance.web.seal import Unsealed
from appliance.web.speech import speak
from appliance.web.words import word

NAME = "mien-box.crt"


class Spoken(Fault):
    """A fault told in the page's own words, not by the bounds of its setting."""


def locked_out(house: House, wanted: Mapping[str, Any]) -> list[Fault]:
    """HTTPS alone may be chosen by a phone that came by HTTPS: it has shown that it can."""
    if wanted.get("page.https") != "only" or house.https == "only" or request.is_secure:
        return []
    return [Spoken("page.https", word("Open this page by HTTPS first: then HTTPS alone can be chosen from it."))]


def put(app: Flask, house: House) -> None:
    @app.get("/secure")
    def secure() -> str:
        told, trouble = "", ""
        if house.seal and house.https != "off":
            try:
                told = fingerprint(house.seal.authority())
            except Unsealed as error:
                trouble = str(error)
        return speak(
            "secure.html",
            https=house.https,
            fingerprint=told,
            trouble=trouble,
            there=f"https://{request.host}/",
            here="settings",
        )

    @app.get(f"/{NAME}")
    def authority() -> Answer:
        if house.seal is None or house.https == "off":
            abort(404)
        try:
            certificate = house.seal.authority()
        except Unsealed:
            abort(503)
        return Response(certificate, mimetype="application/x-x509-ca-cert")


def fingerprint(pem: bytes) -> str:
    """SHA-256 of the certificate, as phones show it."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.decode())).digest().hex(":").upper()
