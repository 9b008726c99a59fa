"""By when, to whom, with what in it: rules as data, clocks, decision matrix, fact sheet, texts of notices.

Decision support, not advice: it knows what its rules pack says and how sure the pack is; counsel decides.
"""
