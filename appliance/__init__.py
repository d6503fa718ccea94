"""The half that speaks: MPD, the page, the home. It has no camera and no pins."""

import os

# What is computed here is small, or nobody waits for it; OpenBLAS's workers, where numpy has it, would turn on every
# core for a tenth of a second after each product. It reads this when it is loaded, so before anything else here is.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
