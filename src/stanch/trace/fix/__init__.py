"""The change that mends a cause: always an explicit list of what may go out, never a list of what may not. One file a kind of cause."""
