"""Templates: questions that are asked again."""
