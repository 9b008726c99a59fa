"""A trace in words and formats. One file a format; every member is written by name."""
