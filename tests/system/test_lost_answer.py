# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to the proxy that dies in the middle of a fragment: the proxy has fetched it over the line and gives it to the next who asks,
so that it seems to come out of the cache. The line is owed its pause all the same."""
import http.client
import http.server
import select
import socket
import socketserver
import threading

import pytest
from test_flow import FRAGMENTS, ID, Site


class Relay(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Between a machine and its proxy. The first two of these paths that are asked for lose their answer once: only so much of its body is
    handed on before the connection is closed; None: nothing at all. libcurl asks again by itself where it was a kept one."""
    daemon_threads = True

    def __init__(self, port, paths, handed_on):
        super().__init__(("127.0.0.1", 0), RelayedRequest)
        self.upstream, self.paths, self.handed_on, self.lost = port, tuple(paths), handed_on, set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]


class RelayedRequest(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
        length = int(self.headers.get("Content-Length") or 0)
        upstream.request(self.command, self.path, body=self.rfile.read(length) if length else None, headers=dict(self.headers))
        answer = upstream.getresponse()
        body = answer.read()
        upstream.close()
        lost = self.server.lost
        loses = self.command == "GET" and answer.status == 200 and self.path.endswith(self.server.paths) and self.path not in lost and len(lost) < 2
        if loses:
            lost.add(self.path)
            self.close_connection = True
            if self.server.handed_on is None:
                return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:self.server.handed_on] if loses else body)

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


@pytest.mark.parametrize("handed_on", [None, 100], ids=["before-the-answer", "in-its-middle"])
def test_the_line_gets_its_pause(server, squid_lab, tmp_path, handed_on):
    """Three fragments are in no cache, and the answers of two of them are lost."""
    site = Site(server, squid_lab, tmp_path)
    missing = [5, 11, 17]
    relay = Relay(site.port, (f"/{ID}-{number}" for number in missing), handed_on)
    site.port = relay.port
    try:
        machine = site.machine("lost", FRAG_LATENCY=1)
        site.warm(set(range(1, FRAGMENTS + 1)) - set(missing))
        assert machine.once(120) == 0, machine.said()
    finally:
        relay.shutdown()
        relay.server_close()
    assert site.server.result(ID, machine.identity()) == "SUCCESS", machine.said()
    assert len(relay.lost) == 2, relay.lost
    crossed = site.crossed()
    assert sorted(number for number, _ in crossed) == missing
    pauses = [later[1] - earlier[1] for earlier, later in zip(crossed, crossed[1:])]
    assert min(pauses) >= 1, f"the pause of the server is kept: {crossed}\n{machine.said()}\n{site.log.read_text()}"
