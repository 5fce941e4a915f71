from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_the_network_is_shut() -> None:
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.create_connection(("192.0.2.1", 443))
