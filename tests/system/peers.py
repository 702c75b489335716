# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers and proxies of our own, on loopback: an origin that behaves or misbehaves as its path says, a proxy with and without a login."""
import base64
import contextlib
import hashlib
import http.server
import re
import socket
import socketserver
import ssl
import subprocess
import threading
import time
import zlib


PROLOG = b"<?xml version='1.0'?><REPLY><RESPONSE>SEND</RESPONSE><PROLOG_FREQ>24</PROLOG_FREQ></REPLY>"


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handler, context=None, host="127.0.0.1", port=0):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), handler)
        self.port = self.server_address[1]
        self.context = context
        self.log = []
        self.connections = 0
        self.login = {}
        self.open = set()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def finish_request(self, request, client_address):
        self.connections += 1
        self.open.add(request)
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def go(self):
        """As if the machine were switched off: what is open ends too."""
        self.shutdown()
        self.server_close()
        for request in self.open:
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        pass  # peers that go away are part of the tests

    def url(self, path, scheme=None):
        return f"{scheme or ('https' if self.context else 'http')}://localhost:{self.port}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def note(self):
        size = int(self.headers.get("Content-Length", 0))
        self.body = self.rfile.read(size)
        self.server.log.append((self.command, self.path, dict(self.headers.items()), self.body))


FRAGMENT = bytes(range(256)) * 4096
STAMP = "Sun, 01 Nov 2026 10:00:00 GMT"


class Origin(Handler):
    """Each path misbehaves in its own way."""

    def do_POST(self):
        self.note()
        name = "post_" + self.path.strip("/").replace("/", "_")
        getattr(self, name, lambda: self.answer(200, zlib.compress(PROLOG)))()

    def post_empty(self):
        self.answer(200)

    def post_html(self):
        self.answer(200, b"<!DOCTYPE html><html>Please log in</html>", [("Content-Type", "text/html")])

    def post_status_400(self):
        self.answer(400, b"x" * 100)

    def post_status_403(self):
        self.answer(403)

    def post_status_404(self):
        self.answer(404, b"<html>" * 100000)

    def post_status_500(self):
        self.answer(500)

    def post_headers(self):
        self.get_headers_many()

    def post_away(self):
        self.get_away()

    def post_busy(self):
        self.answer(503, headers=[("Retry-After", "77")])

    def post_busy_until(self):
        self.answer(429, headers=[("Retry-After", self.date_time_string(time.time() + 120))])

    def post_moved_here(self):
        self.answer(302, headers=[("Location", self.path + "/")])

    def post_moved(self):
        self.answer(302, headers=[("Location", "http://portal.example/login?token=secret")])

    def post_bomb(self):
        packer = zlib.compressobj()
        bomb = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(300)) + packer.flush()
        self.answer(200, bomb)

    def post_endless(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(100000):
            self.wfile.write(b" " * 65536)

    def post_slow(self):
        time.sleep(10)
        self.answer(200, zlib.compress(PROLOG))

    def post_login(self):
        given = self.headers.get("Authorization", "")
        if given == "Basic " + base64.b64encode(b"agent:s3cret").decode():
            self.answer(200, zlib.compress(PROLOG))
        else:
            self.answer(401, headers=[("WWW-Authenticate", 'Basic realm="ocs"')])

    def post_hangup(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_HEAD(self):
        self.note()
        self.answer(200, FRAGMENT)

    def do_GET(self):
        self.note()
        name = "get_" + self.path.strip("/").split("?")[0].replace("/", "_")
        getattr(self, name, lambda: self.answer(404, b"no"))()

    def get_fragment(self):
        headers = [("ETag", '"one"'), ("Last-Modified", STAMP), ("X-Cache", "HIT from site"), ("X-Cache-Lookup", "HIT from site:3128")]
        ask = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not ask or self.headers.get("If-Range") != '"one"':
            return self.answer(200, FRAGMENT, headers)
        start = int(ask.group(1))
        if start >= len(FRAGMENT):
            return self.answer(416)
        headers.append(("Content-Range", f"bytes {start}-{len(FRAGMENT) - 1}/{len(FRAGMENT)}"))
        self.answer(206, FRAGMENT[start:], headers)

    def get_other_part(self):
        self.answer(206, FRAGMENT[10:], [("Content-Range", f"bytes 10-{len(FRAGMENT) - 1}/{len(FRAGMENT)}")])

    def get_changed_part(self):
        self.answer(206, FRAGMENT[5:], [("ETag", '"two"'), ("Content-Range", f"bytes 5-{len(FRAGMENT) - 1}/{len(FRAGMENT)}")])

    def get_nothing(self):
        self.answer(200)

    def get_portal(self):
        self.answer(200, b"<!DOCTYPE html><html>Welcome to the hotel</html>", [("Content-Type", "text/html")])

    def get_moved(self):
        self.answer(302, headers=[("Location", "http://portal.example/login?token=secret")])

    def get_busy(self):
        self.answer(503, headers=[("Retry-After", "99")])

    def get_plain(self):
        self.answer(200, FRAGMENT)

    def get_headers_many(self):
        self.answer(200, b"x", [(f"X-{i}", "y" * 1000) for i in range(4000)])

    def get_headers_long(self):
        self.answer(200, b"x", [("X-Long", "y" * 4_000_000)])

    def get_away(self):
        self.answer(302, headers=[("Location", self.server.target)])

    def get_longer(self):
        self.answer(200, b"12345" + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", length=5)

    def get_cut(self):
        self.answer(200, FRAGMENT[:1000], length=len(FRAGMENT))
        self.close_connection = True

    def get_squid_page(self):
        self.answer(200, b"<html>", [("X-Squid-Error", "ERR_DNS_FAIL 0")])

    def get_large(self):
        self.send_response(200)
        self.send_header("Content-Length", str(256 << 20))
        self.end_headers()
        for _ in range(256):
            self.wfile.write(FRAGMENT)
        self.server.log.append(("DONE", self.path, {}, b""))

    def get_forever(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 1000)
                time.sleep(0.01)
        except OSError:
            self.server.log.append(("GONE", self.path, {}, b""))

    def get_stall(self):
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"12345")
        self.wfile.flush()
        time.sleep(15)

    def get_17_info(self):
        self.answer(200, b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<DOWNLOAD ID="17" ACT="EXECUTE" '
                         b'COMMAND="a && b > /tmp/x; echo &quot;hi&quot;" FRAGS="1" />')

    def get_18_info(self):
        self.answer(200, b"<html>not found</html>")


class Proxy(Handler):
    """Forwards absolute URIs and tunnels; with credentials it asks for them, Basic or Digest."""

    def allowed(self):
        login = self.server.wanted
        given = self.headers.get("Proxy-Authorization", "")
        if not login:
            return True
        if self.server.digest:
            if self.digest_is_right(given, login):
                return True
            challenge = 'Digest realm="site", nonce="abc123", qop="auth", algorithm=MD5'
        else:
            if given == "Basic " + base64.b64encode(":".join(login).encode()).decode():
                return True
            challenge = 'Basic realm="site"'
        self.server.refused += 1
        self.answer(407, b"<html>login</html>", [("Proxy-Authenticate", challenge)])
        return False

    def digest_is_right(self, given, login):
        fields = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
        if not given.startswith("Digest ") or fields.get("nonce") != "abc123":
            return False
        one = hashlib.md5(f"{login[0]}:site:{login[1]}".encode()).hexdigest()
        two = hashlib.md5(f"{self.command}:{fields['uri']}".encode()).hexdigest()
        whole = ":".join((one, "abc123", fields["nc"], fields["cnonce"], fields["qop"], two))
        return fields.get("response") == hashlib.md5(whole.encode()).hexdigest()

    def forward(self):
        self.note()
        if not self.allowed():
            return
        host, port, path = re.fullmatch(r"http://([^/:]+):(\d+)(/.*)", self.path).groups()
        if path.startswith("/held"):
            return self.answer(200, FRAGMENT, [("X-Cache", "HIT from site"), ("X-Cache-Lookup", "HIT from site:3128")])
        if path.startswith("/denied"):
            return self.answer(403, headers=[("X-Squid-Error", "ERR_ACCESS_DENIED 0")])
        if "only-if-cached" in self.headers.get("Cache-Control", "") and not path.startswith("/held"):
            return self.answer(504, headers=[("X-Squid-Error", "ERR_ONLY_IF_CACHED_MISS 0"), ("X-Cache", "HIT from site"), ("Age", "9")])
        connection = http.client.HTTPConnection(host, int(port))
        headers = {k: v for k, v in self.headers.items() if not k.lower().startswith("proxy-")}
        connection.request(self.command, path, self.body or None, headers)
        reply = connection.getresponse()
        self.answer(reply.status, reply.read(), [(k, v) for k, v in reply.getheaders() if k.lower() != "content-length"])

    do_GET = do_POST = do_HEAD = forward

    def do_CONNECT(self):
        self.note()
        if not self.allowed():
            return
        port = int(self.path.rsplit(":", 1)[1])
        if port == 1:
            return self.answer(403, headers=[("X-Squid-Error", "ERR_ACCESS_DENIED 0")])
        other = socket.create_connection(("127.0.0.1", port))
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.wfile.flush()
        self.close_connection = True
        back = threading.Thread(target=pump, args=(other, self.connection), daemon=True)
        back.start()
        pump(self.connection, other)
        back.join()


def pump(source, target):
    try:
        while True:
            piece = source.recv(1 << 16)
            if not piece:
                break
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def make_proxy(login=None, digest=False, given=None, **more):
    proxy = Server(Proxy, **more)
    proxy.wanted, proxy.digest, proxy.refused = login, digest, 0
    given = given or login
    if given:
        proxy.login = {"user": given[0], "password": given[1], "auth": "any"}
    return proxy


def run(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_ca(folder, name):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
        "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")
    return (folder / f"{name}.pem").read_text()


def make_context(folder, ca, host, *dates):
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={host}",
        "-keyout", folder / "server.key", "-out", folder / "server.csr")
    (folder / "ext").write_text(f"subjectAltName=DNS:{host}\n")
    run("openssl", "x509", "-req", "-in", folder / "server.csr", "-CA", folder / f"{ca}.pem", "-CAkey", folder / f"{ca}.key",
        "-CAcreateserial", *(dates or ("-days", "10")), "-extfile", folder / "ext", "-out", folder / "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context
