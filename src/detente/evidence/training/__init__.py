"""Training of the attribution model. Needs the extra ``detente[train]``; nothing else imports this package."""

import os

# Threads that wait by spinning take a shared machine's processors from those who have work; to be said before torch loads.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
