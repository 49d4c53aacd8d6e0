"""Hoeder keeps a privacy statement true on schedule and proves it."""

__version__ = "0.1.0"
