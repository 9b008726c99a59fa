"""Serve a staged console for a browser: says its link, then serves until it is stopped."""

import sys
from pathlib import Path

from stanch.console.run import Serving, prepare, serve

serving = Serving(data=sys.argv[1], port=int(sys.argv[2]))
sys.stdout.write(f"{serving.address}{prepare(serving, Path(sys.argv[3]))}\n")
sys.stdout.flush()
serve(serving)
