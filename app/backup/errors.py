"""How a backup says no."""

from __future__ import annotations


class BackupError(Exception):
    """What could not be done and why: one or two sentences for the host. Nothing was lost by it."""
