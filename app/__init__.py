"""The application around the phases: its API, its use cases, and what it keeps."""

import os

# Before numpy is imported: processes share the work between them, and more threads would be in each other's way.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
