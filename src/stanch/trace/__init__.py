"""Root causes: from the field that leaks to the line of code that lets it out, and the change that mends it."""
