"""Find, explain and stop excessive data exposure in API traffic."""

__version__ = "0.1.0"
