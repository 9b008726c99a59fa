"""Run an incident to its close: journal, state, roles, playbook, tasks, facts and messages, as values.

The journal is the truth; everything else here is computed from it. No clock, no file, no framework: ``now``, keys and signing come in as arguments.
"""
