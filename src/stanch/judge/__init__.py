"""Too much or needed: one signal per file, fused into a verdict with reasons."""
