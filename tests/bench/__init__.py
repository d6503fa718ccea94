"""Benchmarks. All compute on one core, as the halves do, and so do the peers beside them."""

import os

# Before any of them loads numpy or OpenCV, which read this then: workers that wait for more are counted as work.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
    os.environ.setdefault(threads, "1")
