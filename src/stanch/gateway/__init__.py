"""Where policy runs: embedded reverse proxy, ASGI/WSGI middleware, mitmproxy addon, targets that a policy is pushed to."""
