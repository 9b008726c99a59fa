"""Whose data, and who asked: the caller and the data subject of every value, as keyed pseudonyms."""
