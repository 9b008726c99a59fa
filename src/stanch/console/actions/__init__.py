"""Everything that changes something: each action checks who may, and writes one journal entry."""
