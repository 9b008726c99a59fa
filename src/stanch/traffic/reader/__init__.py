"""One file per capture format; each gives exchanges, and names what it could not read."""
