"""Benchmarks against bounds and peers: the same work, on the same machine, in the same run."""
