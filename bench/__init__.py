"""Measurements of pressgauge; every run checks its counts."""
