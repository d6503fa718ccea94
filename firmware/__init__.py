"""The half that sees: camera, lamps, button. It has no network."""

import os

# A look is small: shared out among cores it is no sooner done, and costs more. OpenBLAS's workers, where numpy has it,
# then turn for a tenth of a second each, waiting for more; that was most of what a glance cost. Both libraries read
# this when they are loaded, so it stands before anything else here is.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")
