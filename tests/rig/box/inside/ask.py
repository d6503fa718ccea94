"""python ask.py WORDS: one line of JSON, what the speaking half says to that."""

import json
import sys
from pathlib import Path

from appliance.control import call

print(json.dumps(call(Path("/run/mien/mien.sock"), *sys.argv[1:])))
