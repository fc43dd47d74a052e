"""Sweeps of a million specifications: in chunks, to Parquet, on all cores or on a cluster."""
