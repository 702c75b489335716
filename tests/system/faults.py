# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies that misbehave, for every protocol: each accepts connections on loopback and does one thing wrong."""
import socket
import ssl
import struct
import threading

PAGE = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 60\r\nConnection: close\r\n\r\n"
        b"<!DOCTYPE html><html><body>Please log in here.</body></html>")
REFUSED = {
    "http": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "socks4": b"\x00\x5b\x00\x00\x00\x00\x00\x00",
    "socks5": b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00",
}


class Fault:
    """what: stalls, resets, refuses, page. protocol: http, https, socks4, socks5. tls: (certificate, key) for https."""

    def __init__(self, what, protocol, tls=None):
        self.what, self.protocol = what, protocol
        self.context = None
        if protocol == "https":
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.held = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        try:
            if self.context:
                peer = self.context.wrap_socket(peer, server_side=True)
            asked = peer.recv(65536)
            if self.what == "stalls":
                self.held.append(peer)
                return
            if self.what == "resets":
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif self.what == "page":
                peer.sendall(PAGE)
            elif self.what == "refuses":
                if self.protocol == "socks5":
                    peer.sendall(b"\x05\x00")
                    peer.recv(65536)
                peer.sendall(REFUSED["http" if self.protocol == "https" else self.protocol])
            if self.what == "page" and asked:
                peer.settimeout(2)
                peer.recv(65536)
            peer.close()
        except OSError:
            peer.close()

    def close(self):
        self.listener.close()
        for peer in self.held:
            peer.close()
