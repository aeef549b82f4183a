"""Hypotheses, experiments and decisions: from a belief to a verdict in one model."""
