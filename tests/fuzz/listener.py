"""A door on loopback that counts who knocks: whoever asks an endpoint by a query is heard here."""

from __future__ import annotations

import socket
import threading


class Listener:
    """Takes connections on a free port of loopback, counts them, and closes each at once."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.calls = 0
        threading.Thread(target=self._listen, name="listener", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        """Take no more connections."""
        self._socket.close()
