import socket

import pytest


def test_a_connection_beyond_loopback_is_refused():
    with socket.socket() as s, pytest.raises(PermissionError):
        s.connect(("192.0.2.1", 80))
