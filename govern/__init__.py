"""Govern: the evidence system of record for AI systems. Status is proved, never typed."""

__version__ = "0.1.0"
