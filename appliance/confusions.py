"""How the eye's network errs, as its contract measured it on faces that it never saw: what the mood's filter weighs
readings by."""

import json
import logging
from pathlib import Path

from appliance.mood import Knobs, Shares
from firmware.wire import EXPRESSIONS

log = logging.getLogger("mien")


def filtered(contract: Path) -> Knobs:
    """The filter with the confusions of this contract; with those usual for such networks where it cannot be had."""
    try:
        return Knobs(confusion=measured(contract))
    except FileNotFoundError:
        log.info("%s is not there: readings are trusted as usual for such networks", contract)
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s is not taken: %s", contract, error)
    return Knobs()


def measured(contract: Path) -> tuple[Shares, ...]:
    """Rows: the true expression; columns: the reading."""
    rows = json.loads(contract.read_bytes())["confusion"]
    matrix = tuple(tuple(float(share) for share in row) for row in rows)
    size = len(EXPRESSIONS)
    if [len(row) for row in matrix] != [size] * size:
        raise ValueError(f"the confusions are not {size} by {size}")
    return matrix
