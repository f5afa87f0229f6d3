"""Backups of the running product: taken, verified by restoring them, restored."""
