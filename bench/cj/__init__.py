import os

# Numeric libraries read these once, when they are loaded: with more than one thread they fight over the cores.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"
