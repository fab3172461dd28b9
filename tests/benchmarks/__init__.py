"""Measures what the project promises about speed, each beside its floor or its peer in the same run."""
