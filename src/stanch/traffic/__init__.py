"""What was said: exchanges, their bodies decoded under limits, one reader per capture format."""
