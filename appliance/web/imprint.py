"""What a form was made from, in a few letters that it brings back: so the box knows what else was changed meanwhile."""

import hashlib
import json

from appliance.web.words import word

SOONER = word("Somebody was quicker")


def imprint(what: object) -> str:
    """The same for the same, in every process; another for anything else that JSON can tell."""
    told = json.dumps(what, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def stale(made: str, stands: object) -> bool:
    """Was this form made from something else than what stands now? A program that does not say wants no such care."""
    return bool(made) and made != imprint(stands)
