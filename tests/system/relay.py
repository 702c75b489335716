# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands before a proxy or a server, and may lose its answers or hold them back."""
import http.client
import http.server
import select
import socket
import socketserver
import threading


class Relay(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """on_answer(request, body, answer) is called before an answer is handed on: how many bytes of its body are, before the connection is
    closed; None for all of it; -1 for nothing, not even its header. body: of the request."""
    daemon_threads = True

    def __init__(self, port, on_answer):
        super().__init__(("127.0.0.1", 0), RelayedRequest)
        self.upstream, self.on_answer = port, on_answer
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()


class RelayedRequest(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream.request(self.command, self.path, body=asked or None, headers=dict(self.headers))
        answer = upstream.getresponse()
        body = answer.read()
        upstream.close()
        most = self.server.on_answer(self, asked, answer)
        self.close_connection = most is not None
        if most == -1:
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:most])

    do_HEAD = do_POST = do_GET

    def do_CONNECT(self):
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=30) as there:
            self.send_response_only(200)
            self.end_headers()
            here, ways = self.connection, {self.connection: there, there: self.connection}
            while True:
                for end in select.select([here, there], [], [], 30)[0]:
                    data = end.recv(65536)
                    if not data:
                        self.close_connection = True
                        return
                    ways[end].sendall(data)

    def log_message(self, *arguments):
        pass
