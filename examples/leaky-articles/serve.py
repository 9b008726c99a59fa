"""Serve the sample backend on loopback until interrupted: python examples/leaky-articles/serve.py --app leaky --port 0"""

import argparse
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from articles_api.app import create_app
from record import running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--app", choices=["leaky", "fixed"], default="leaky")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args()
    with running(create_app(fixed=args.app == "fixed", seed=args.seed), args.port) as port:
        print(f"http://127.0.0.1:{port}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
