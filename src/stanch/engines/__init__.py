"""Where a scan runs: this process or local workers."""
