"""Usage: what was spent, and how exact the numbers were."""
