"""`python -m install.ask PORT`: how the page says that the box is: well, ill, or, where it does not answer, dead."""

import sys

from desk.page import ills

wrong = ills(int(sys.argv[1]))
print("dead" if wrong is None else "ill" if wrong else "well")
