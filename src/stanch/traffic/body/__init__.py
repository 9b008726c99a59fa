"""What the bytes of one body mean: one file per format, chosen by ``formats``.

Decides how a body becomes a tree of values.
Refuses to know of exchanges, endpoints or what a value means.
"""
