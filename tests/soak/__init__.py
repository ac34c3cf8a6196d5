"""Patients book, move and cancel for a while, and the system kills who serves them: `make soak`."""
