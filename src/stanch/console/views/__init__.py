"""Pages. A view fetches by a selector, acts by an action, and renders."""
