"""Where people work: the incident console, its worker and its API, on Django.

Models are written only by ``actions`` (and the journal's own ``book``); views read only through ``selectors``, whose first argument is the actor.
"""
