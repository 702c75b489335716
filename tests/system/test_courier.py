# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-courier as a program: Varlink by hand on one side, an origin and proxies of our own on the other. Loopback only."""

import base64
import contextlib
import fcntl
import hashlib
import http.server
import json
import os
import re
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
import zlib

import pytest

COURIER = os.environ.get("OCS_COURIER", "")
AGENT = "OCS-NG_unified_unix_agent_v2.1.0-companion-test"
INTERFACE = "org.ocscompanion.Courier."
PROLOG = b"<?xml version='1.0'?><REPLY><RESPONSE>SEND</RESPONSE><PROLOG_FREQ>24</PROLOG_FREQ></REPLY>"

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


# The worker's side

class VarlinkError(Exception):
    def __init__(self, name, parameters):
        super().__init__(name, parameters)
        self.name = name.rsplit(".", 1)[-1]
        self.message = parameters.get("message", "")


class Varlink:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(path))
        self.pending = b""

    def read(self, count):
        while len(self.pending) < count:
            piece = self.socket.recv(1 << 18)
            if not piece:
                raise EOFError
            self.pending += piece
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def read_message(self):
        while b"\0" not in self.pending:
            piece = self.socket.recv(1 << 18)
            if not piece:
                raise EOFError
            self.pending += piece
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, parameters, upgrade=False):
        name = method if "." in method else INTERFACE + method
        call = {"method": name, "parameters": parameters}
        if upgrade:
            call["upgrade"] = True
        self.socket.sendall(json.dumps(call).encode() + b"\0")
        reply = self.read_message()
        if "error" in reply:
            raise VarlinkError(reply["error"], reply.get("parameters", {}))
        return reply.get("parameters", {})

    def send(self, data):
        for at in range(0, len(data), 1 << 18):
            piece = data[at:at + (1 << 18)]
            self.socket.sendall(struct.pack(">I", len(piece)) + piece)

    def send_end(self):
        self.socket.sendall(struct.pack(">I", 0) + b"{}\0")

    def blocks(self):
        while True:
            (length,) = struct.unpack(">I", self.read(4))
            if length == 0:
                return
            assert length <= 1 << 18
            yield self.read(length)

    def read_all(self):
        data = b"".join(self.blocks())
        return data, self.read_message()


def unprivileged(folder, arguments):
    """Arguments and options for subprocess to start a courier by, which refuses to be root. Its user may not be allowed into the build folder, so
    it is started by descriptor; folder becomes its own."""
    if os.geteuid() != 0:
        return arguments, {}
    image = fcntl.fcntl(os.open(arguments[0], os.O_PATH), fcntl.F_DUPFD, 50)
    os.set_inheritable(image, True)
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    os.chown(folder, 65534, 65534)
    return [f"/proc/self/fd/{image}", *arguments[1:]], {"user": 65534, "group": 65534, "extra_groups": [], "pass_fds": (image,)}


class Courier:
    def __init__(self, folder, role, inherit=False):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        # None of this may matter to it.
        environment.update(http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9", all_proxy="http://127.0.0.1:9")
        environment["G_DEBUG"] = "fatal-criticals"
        environment["ASAN_OPTIONS"] = "quarantine_size_mb=8:" + os.environ.get("ASAN_OPTIONS", "")
        self.path = folder / f"courier-{role}.sock"
        arguments = [COURIER, f"--role={role}"]
        arguments, options = unprivileged(folder, arguments)
        if inherit:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(self.path))
            listener.listen()
            environment["LISTEN_FDS"] = "1"
            options.pop("pass_fds", None)
            options["close_fds"] = False
            self.process = subprocess.Popen(arguments, env=environment, preexec_fn=lambda: os.dup2(listener.fileno(), 3), **options)
            listener.close()
        else:
            self.process = subprocess.Popen(arguments + [f"--runtime-dir={folder}"], env=environment, **options)
        for _ in range(200):
            try:
                Varlink(self.path).socket.close()
                return
            except OSError:
                assert self.process.poll() is None, "the courier ended at once"
                time.sleep(0.05)
        raise AssertionError("the courier does not listen")

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024

    def connect(self):
        return Varlink(self.path)

    def call(self, method, **parameters):
        return self.connect().call(method, parameters)

    def exchange(self, route, url, xml=b"<REQUEST/>"):
        wire = self.connect()
        assert wire.call("Exchange", {"route": route, "url": url, "user_agent": AGENT}, upgrade=True) == {}
        wire.send(xml)
        wire.send_end()
        data, trailer = wire.read_all()
        assert data == b""
        return trailer

    def fetch(self, route, url, offset=0, validator=None, refresh=False):
        wire = self.connect()
        head = wire.call("Fetch", {"route": route, "url": url, "user_agent": AGENT, "offset": offset, "validator": validator,
                                   "refresh": refresh}, upgrade=True)
        return (head,) + wire.read_all()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0


def route(proxy=None, **more):
    made = {"proxy": {"kind": "none", "host": "", "port": 0}, "verify": True, "system_ca": False, "connect_timeout": 5, "stall_timeout": 20}
    if isinstance(proxy, dict):
        made["proxy"] = proxy
    elif proxy:
        made["proxy"] = {"kind": "http", "host": "127.0.0.1", "port": proxy.port, **proxy.login}
    made.update(more)
    return made


# The network's side

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("courier")


@pytest.fixture(scope="module")
def control(folder):
    courier = Courier(folder, "control")
    yield courier
    courier.stop()


@pytest.fixture(scope="module")
def bulk(folder):
    courier = Courier(folder, "bulk", inherit=True)
    yield courier
    courier.stop()


@pytest.fixture
def origin():
    server = Server(Origin)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def authority(folder):
    return make_ca(folder, "ours")


def refused(function, *arguments, **named):
    with pytest.raises(VarlinkError) as caught:
        function(*arguments, **named)
    assert "\n" not in caught.value.message
    return caught.value


# The program itself

def test_process_is_closed(control):
    status = open(f"/proc/{control.process.pid}/status").read()
    assert re.search(r"NoNewPrivs:\s+1", status)
    assert re.search(r"Max core file size\s+0\s+0", open(f"/proc/{control.process.pid}/limits").read())


def test_socket_is_private(control):
    assert os.stat(control.path).st_mode & 0o777 == 0o600


def test_others_are_not_served(control):
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    try:
        for path, mode in ((control.path.parent.parent.parent, 0o755), (control.path.parent.parent, 0o755), (control.path.parent, 0o755),
                           (control.path, 0o666)):
            os.chmod(path, mode)
        script = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1])\n"
                  "try:\n s.sendall(b'{\"method\":\"org.varlink.service.GetInfo\"}\\0'); print(len(s.recv(10)))\n"
                  "except OSError: print(0)")
        result = subprocess.run(["/usr/bin/python3", "-c", script, control.path], user=65533, group=65533, extra_groups=[],
                                capture_output=True, text=True)
        assert result.stdout.strip() == "0", result.stderr
    finally:
        os.chmod(control.path, 0o600)


@pytest.mark.parametrize("arguments", [[], ["--role=both"], ["--role=bulk", "more"], ["--nonsense"]])
def test_usage(arguments):
    result = subprocess.run([COURIER] + arguments, capture_output=True, text=True)
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_second_one_is_refused(control):
    arguments, options = unprivileged(control.path.parent, [COURIER, "--role=control", f"--runtime-dir={control.path.parent}"])
    result = subprocess.run(arguments, capture_output=True, text=True, **options)
    assert result.returncode == 1 and "courier-control.sock" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_is_refused(tmp_path):
    result = subprocess.run([COURIER, "--role=control", f"--runtime-dir={tmp_path}"], capture_output=True, text=True)
    assert result.returncode == 1 and "root" in result.stderr and not list(tmp_path.iterdir())


@pytest.mark.parametrize("role", ["control", "bulk"])
def test_it_is_caged(role, request):
    """By the kernel's own word, and by its own: what is missing is said."""
    courier = request.getfixturevalue(role)
    told = courier.call("GetConfinement")["lacking"]
    with open(f"/proc/{courier.process.pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    assert fields["NoNewPrivs"].strip() == "1" and fields["CapEff"].strip() == "0" * 16
    assert fields["Uid"].split()[0] != "0" or os.geteuid() != 0
    assert fields["Seccomp"].strip() == "2" or any("system calls" in line for line in told)
    assert all(line.startswith(("files ", "system calls ")) for line in told), told


def test_roles(control, bulk):
    for courier, method, upgrade in ((control, "Fetch", True), (control, "Probe", False), (bulk, "Exchange", True), (bulk, "Describe", False)):
        wire = courier.connect()
        with pytest.raises(VarlinkError) as caught:
            wire.call(method, {"route": route(), "url": "http://localhost:1/", "user_agent": AGENT, "offset": 0, "refresh": False}, upgrade)
        assert caught.value.name == "MethodNotImplemented"


def test_interface_is_told(control):
    text = control.connect().call("org.varlink.service.GetInterfaceDescription", {"interface": "org.ocscompanion.Courier"})
    assert "method Exchange" in text["description"]


# Exchange

def test_exchange(control, origin):
    xml = b"<?xml version=\"1.0\"?><REQUEST>" + os.urandom(1 << 20).hex().encode() * 4 + b"</REQUEST>"
    trailer = control.exchange(route(), origin.url("/ocsinventory"), xml)
    assert trailer["reply"] == {"response": "SEND", "prolog_freq": 24, "options": [], "account": []}
    assert trailer["traffic"]["http_status"] == 200 and trailer["traffic"]["bytes"] == len(zlib.compress(PROLOG))
    assert trailer["traffic"]["date"] > 1700000000
    method, path, headers, body = origin.log[0]
    assert (method, path) == ("POST", "/ocsinventory")
    assert headers["Content-Type"] == "application/x-compress" and headers["User-Agent"] == AGENT
    assert int(headers["Content-Length"]) == len(body)
    assert not {"Expect", "Transfer-Encoding", "Accept-Encoding", "Authorization", "Proxy-Authorization"} & set(headers)
    assert body[:2] == b"\x78\x9c" and zlib.decompress(body) == xml


def test_exchange_without_reply(control, origin):
    trailer = control.exchange(route(), origin.url("/empty"))
    assert "reply" not in trailer and "error" not in trailer


@pytest.mark.parametrize("path,code,words", [
    ("/html", "bad-reply", "web page"), ("/status/400", "refused", "DEVICEID"), ("/status/403", "refused", "locked"),
    ("/status/404", "bad-reply", "/ocsinventory"), ("/status/500", "refused", "500"), ("/moved", "unreachable", "portal.example/login"), ("/moved/here", "bad-reply", "Server="),
    ("/login", "server-auth", "User="), ("/hangup", "unreachable", "without an answer"), ("/endless", "bad-reply", "larger"),
])
def test_exchange_errors(control, origin, path, code, words):
    trailer = control.exchange(route(), origin.url(path))
    assert trailer["error"] == code, trailer
    assert words in trailer["message"] and "secret" not in trailer["message"]
    assert "reply" not in trailer


@pytest.mark.parametrize("path, code, seconds", [("/busy", "busy", 77), ("/busy/until", "busy", 120), ("/status/500", "refused", None)])
def test_retry_after(control, origin, path, code, seconds):
    trailer = control.exchange(route(), origin.url(path))
    told = trailer.get("retry_after")
    assert trailer["error"] == code and (told == seconds or told and abs(told - seconds) < 5)


def test_exchange_bomb(control, origin):
    before = control.memory()
    trailer = control.exchange(route(), origin.url("/bomb"))
    assert trailer["error"] == "bad-reply" and "unpacks" in trailer["message"]
    assert control.memory() - before < 48 << 20


def test_exchange_too_large(control, origin):
    wire = control.connect()
    wire.call("Exchange", {"route": route(), "url": origin.url("/x"), "user_agent": AGENT}, upgrade=True)
    for _ in range(65):
        wire.send(b"x" * (1 << 20))
    wire.send_end()
    assert wire.read_all()[1]["error"] == "invalid-data"
    assert origin.log == []


def test_exchange_given_up(control, origin):
    wire = control.connect()
    wire.call("Exchange", {"route": route(), "url": origin.url("/x"), "user_agent": AGENT}, upgrade=True)
    wire.send(b"<REQUEST>")
    wire.socket.close()
    assert control.exchange(route(), origin.url("/x"))["reply"]["response"] == "SEND"
    assert len(origin.log) == 1


def test_server_login(control, bulk, origin):
    login = {"user": "agent", "password": "s3cret"}
    for _ in range(3):
        assert control.exchange(route(**login), origin.url("/login"))["reply"]["response"] == "SEND"
    assert len(origin.log) == 4, "the challenge is remembered"
    assert control.exchange(route(user="agent", password="wrong"), origin.url("/login"))["error"] == "server-auth"
    bulk.fetch(route(**login), origin.url("/fragment"))
    assert "Authorization" not in origin.log[-1][2]


def test_patience(control, origin):
    """A server takes its time over an inventory. (libcurl averages over some seconds, so 1 means up to 7.)"""
    patient = []
    thread = threading.Thread(target=lambda: patient.append(control.exchange(route(stall_timeout=20), origin.url("/slow"))))
    thread.start()
    assert control.exchange(route(stall_timeout=1), origin.url("/slow"))["error"] == "timed-out"
    thread.join()
    assert patient[0]["reply"]["response"] == "SEND"


def test_connections_are_kept(control, origin):
    for _ in range(5):
        control.exchange(route(), origin.url("/ocsinventory"))
    assert origin.connections == 1


@pytest.mark.parametrize("change,words", [
    ({"url": "http://me:secret@localhost/"}, "login"), ({"url": "ftp://localhost/"}, "http"), ({"url": "http://localhost/\r\nX: y"}, "odd"),
    ({"user_agent": "a\r\nX: y"}, "User-Agent"), ({"url": None}, "address"),
])
def test_odd_parameters(control, change, words):
    error = refused(control.call, "Describe", **{"route": route(), "url": "http://localhost:1/", "user_agent": AGENT, **change})
    assert error.name == "InvalidData" and words in error.message and "secret" not in error.message


def test_odd_route(control):
    error = refused(control.call, "Describe", route={"proxy": {"kind": "pigeon"}}, url="http://localhost:1/", user_agent=AGENT)
    assert error.name == "InvalidData"


# No way

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_no_way(control, origin):
    def told(url, **more):
        return refused(control.call, "Describe", route=route(**more), url=url, user_agent=AGENT)

    port = free_port()
    assert told(f"http://localhost:{port}/").name == "Unreachable"
    assert told("http://nowhere.invalid/").name == "Unreachable"
    dead = {"kind": "http", "host": "127.0.0.1", "port": port}
    error = told(origin.url("/17/info"), proxy=dead)
    assert error.name == "ProxyUnreachable" and f"127.0.0.1:{port}" in error.message
    assert told(origin.url("/17/info"), proxy={**dead, "host": "nowhere.invalid"}).name == "ProxyUnreachable"
    assert told(origin.url("/17/info"), proxy={**dead, "kind": "socks5"}).name == "ProxyUnreachable"
    assert told(origin.url("/17/info"), proxy={**dead, "kind": "socks5", "port": origin.port}).name == "ProxyUnreachable"


# TLS

def test_tls(folder, control, authority):
    origin = Server(Origin, make_context(folder, "ours", "localhost"))
    url = origin.url("/17/info")
    good = route(ca_pem=authority)
    told = control.call("Describe", route=good, url=url, user_agent=AGENT)
    assert told["attributes"]["ID"] == "17" and told["traffic"]["verdict"] == "unknown"
    assert control.exchange(good, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"

    def error(**more):
        return refused(control.call, "Describe", route=route(**more), url=more.pop("url", url), user_agent=AGENT)

    for wrong in ({"ca_pem": make_ca(folder, "others")}, {"system_ca": True}):
        told = error(**wrong)
        assert told.name == "Tls" and "CaBundle=" in told.message, told.message
    assert error().name == "Tls"
    assert error(ca_pem="no certificate").name == "Tls"
    assert control.call("Describe", route=route(verify=False), url=url, user_agent=AGENT)["attributes"]["ID"] == "17"
    assert error(ca_pem=(folder / "others.pem").read_text()).name == "Tls", "nothing learnt without verification counts with it"
    plain = Server(Origin)
    told = refused(control.call, "Describe", route=good, url=plain.url("/17/info", "https"), user_agent=AGENT)
    assert told.name == "Tls" and "port" in told.message


def test_tls_names_and_dates(folder, control, authority):
    other = Server(Origin, make_context(folder, "ours", "other.example"))
    error = refused(control.call, "Describe", route=route(ca_pem=authority), url=other.url("/17/info"), user_agent=AGENT)
    assert error.name == "Tls" and '"other.example"' in error.message, error.message
    old = Server(Origin, make_context(folder, "ours", "localhost", "-days", "-1"))
    error = refused(control.call, "Describe", route=route(ca_pem=authority), url=old.url("/17/info"), user_agent=AGENT)
    assert error.name == "Tls" and "clock" in error.message, error.message


# Proxies

def test_proxy_plain(control, origin):
    proxy = make_proxy()
    assert control.exchange(route(proxy), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    method, path, headers, _ = proxy.log[0]
    assert (method, path) == ("POST", origin.url("/ocsinventory")), "an absolute URI, no tunnel"


def test_proxy_tunnel(folder, control, authority):
    origin = Server(Origin, make_context(folder, "ours", "localhost"))
    proxy = make_proxy(login=("vip", "roxor"))
    more = {"ca_pem": authority, "user": "agent", "password": "s3cret"}
    trailer = control.exchange(route(proxy, **more), origin.url("/login"))
    assert trailer["reply"]["response"] == "SEND" and trailer["traffic"]["verdict"] == "bypass"
    assert [entry[0] for entry in proxy.log] == ["CONNECT"] * len(proxy.log)
    assert not [entry for entry in proxy.log if "Authorization" in entry[2]]
    assert not [entry for entry in origin.log if "Proxy-Authorization" in entry[2]]
    # The server asks for a login and gets it, through the tunnel only.
    assert "Authorization" in origin.log[-1][2]


def test_proxy_refuses_tunnel(control, authority):
    proxy = make_proxy()
    trailer = control.exchange(route(proxy, ca_pem=authority), "https://localhost:1/")
    assert trailer["error"] == "refused" and "access rules" in trailer["message"]
    proxy = make_proxy(login=("vip", "roxor"), given=("vip", "wrong"))
    trailer = control.exchange(route(proxy, ca_pem=authority), "https://localhost:2/")
    assert trailer["error"] == "proxy-auth" and "ProxyUser=" in trailer["message"] and "wrong" not in trailer["message"]


@pytest.mark.parametrize("digest", [False, True])
def test_proxy_login(control, bulk, origin, digest):
    proxy = make_proxy(login=("vip", "roxor"), digest=digest)
    for _ in range(5):
        _, data, trailer = bulk.fetch(route(proxy), origin.url("/fragment"))
        assert data == FRAGMENT and "error" not in trailer
    assert proxy.refused == 1, "the challenge is remembered"
    assert proxy.connections == 1
    assert control.exchange(route(proxy), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert not [entry for entry in origin.log if "Proxy-Authorization" in entry[2]]


@pytest.mark.parametrize("digest", [False, True])
def test_proxy_wrong_login(control, bulk, origin, digest):
    right = make_proxy(login=("vip", "roxor"), digest=digest)
    bulk.fetch(route(right), origin.url("/fragment"))
    right.login = {"user": "vip", "password": "wrong", "auth": "any"}
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": route(right), "url": origin.url("/fragment"), "user_agent": AGENT, "offset": 0,
                                         "validator": None, "refresh": False}, upgrade=True)
    assert error.name == "ProxyAuth" and "ocsinventory.ini" in error.message
    right.login = {}
    trailer = control.exchange(route(right), origin.url("/ocsinventory"))
    assert trailer["error"] == "proxy-auth" and "ProxyAuthRequired=" in trailer["message"]
    right.login = {"user": "vip", "password": "roxor", "auth": "any"}
    assert bulk.fetch(route(right), origin.url("/fragment"))[1] == FRAGMENT


# Describe

def test_describe(control, origin):
    told = control.call("Describe", route=route(), url=origin.url("/17/info"), user_agent=AGENT)
    assert told["attributes"] == {"ID": "17", "ACT": "EXECUTE", "COMMAND": 'a && b > /tmp/x; echo "hi"', "FRAGS": "1"}
    assert told["traffic"]["http_status"] == 200
    assert refused(control.call, "Describe", route=route(), url=origin.url("/18/info"), user_agent=AGENT).name == "BadReply"
    assert refused(control.call, "Describe", route=route(), url=origin.url("/19/info"), user_agent=AGENT).name == "NotFound"


# Probe

def test_probe(bulk, origin):
    proxy = make_proxy()

    def probe(path, via=proxy):
        return bulk.call("Probe", route=route(via), url=origin.url(path), user_agent=AGENT)

    told = probe("/held")
    assert told["held"] is True and told["traffic"]["verdict"] == "hit"
    method, _, headers, _ = proxy.log[0]
    assert method == "HEAD" and headers["Cache-Control"] == "only-if-cached, max-stale=604800"
    told = probe("/fragment")
    assert told["held"] is False and told["traffic"]["verdict"] == "miss" and told["traffic"]["http_status"] == 504
    assert refused(probe, "/denied").name == "Refused"
    assert probe("/fragment", via=None)["held"] is False
    assert origin.log == []
    proxy = make_proxy(login=("vip", "roxor"), given=("vip", "wrong"))
    assert refused(probe, "/held", via=proxy).name == "ProxyAuth"


# Fetch

def test_fetch(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/fragment"))
    assert head == {"offset": 0, "size": len(FRAGMENT), "validator": '"one"'}
    assert data == FRAGMENT
    assert trailer["traffic"]["bytes"] == len(FRAGMENT) and trailer["traffic"]["verdict"] == "hit" and "error" not in trailer
    headers = origin.log[0][2]
    assert headers["Cache-Control"] == "max-stale=604800"
    assert not {"Range", "If-Range", "Pragma", "Accept-Encoding"} & set(headers)


def test_fetch_resumes(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/fragment"), 1000, '"one"')
    assert head == {"offset": 1000, "size": len(FRAGMENT), "validator": '"one"'} and data == FRAGMENT[1000:]
    assert trailer["traffic"]["bytes"] == len(FRAGMENT) - 1000
    assert origin.log[0][2]["Range"] == "bytes=1000-" and origin.log[0][2]["If-Range"] == '"one"'
    head, data, _ = bulk.fetch(route(), origin.url("/fragment"), 1000, '"old"')
    assert head["offset"] == 0 and data == FRAGMENT, "the object has changed: from its start"
    head, data, _ = bulk.fetch(route(), origin.url("/fragment"), 1000, None)
    assert head["offset"] == 0 and "Range" not in origin.log[-1][2]


def test_fetch_refresh(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/fragment"), 1000, '"one"', refresh=True)
    assert head["offset"] == 0 and data == FRAGMENT
    assert origin.log[0][2]["Cache-Control"] == "no-cache" and "Range" not in origin.log[0][2]


@pytest.mark.parametrize("path,offset,name", [
    ("/missing", 0, "NotFound"), ("/fragment", 1 << 30, "InvalidData"), ("/other_part", 5, "InvalidData"), ("/other_part", 0, "InvalidData"),
    ("/changed_part", 5, "InvalidData"), ("/squid_page", 0, "Unreachable"),
])
def test_fetch_errors(bulk, origin, path, offset, name):
    assert refused(bulk.fetch, route(), origin.url(path), offset, '"one"').name == name


@pytest.mark.parametrize("path", ["/portal", "/moved"])
def test_pages_are_no_fragments(bulk, origin, path):
    """Without a proxy it is the network that wants a login, with one it may be the proxy: somebody has to look."""
    error = refused(bulk.fetch, route(), origin.url(path))
    assert error.name == "Unreachable" and "browser" in error.message and "secret" not in error.message
    proxy = make_proxy()
    error = refused(bulk.fetch, route(proxy), origin.url(path))
    assert error.name == "BadReply" and str(proxy.port) in error.message and "secret" not in error.message


def test_fetch_retry_after(bulk, origin):
    error = refused(bulk.fetch, route(), origin.url("/busy"))
    assert error.name == "Busy" and error.args[1]["retry_after"] == 99


def test_fetch_empty(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/nothing"))
    assert head["size"] == 0 and data == b"" and "error" not in trailer


def test_fetch_cut(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/cut"))
    assert data == FRAGMENT[:1000] and trailer["error"] == "interrupted" and head["size"] == len(FRAGMENT)


def test_fetch_stall(bulk, origin):
    head, data, trailer = bulk.fetch(route(stall_timeout=1), origin.url("/stall"))
    assert data == b"12345" and trailer["error"] == "timed-out"


def test_fetch_waits_for_its_reader(bulk, origin):
    before = bulk.memory()
    wire = bulk.connect()
    wire.call("Fetch", {"route": route(stall_timeout=1), "url": origin.url("/large"), "user_agent": AGENT, "offset": 0, "refresh": False},
              upgrade=True)
    time.sleep(9)  # longer than the transfer may stall: a pause of ours is no stall
    assert not [entry for entry in origin.log if entry[0] == "DONE"]
    assert bulk.memory() - before < 48 << 20
    # Others are served meanwhile.
    assert bulk.fetch(route(), origin.url("/fragment"))[1] == FRAGMENT
    size, digest = 0, hashlib.sha1()
    for block in wire.blocks():
        size += len(block)
        digest.update(block)
    assert "error" not in wire.read_message()
    assert size == 256 << 20 and digest.digest() == hashlib.sha1(FRAGMENT * 256).digest()
    assert bulk.memory() - before < 48 << 20


def test_fetch_given_up(bulk, origin):
    wire = bulk.connect()
    wire.call("Fetch", {"route": route(), "url": origin.url("/forever"), "user_agent": AGENT, "offset": 0, "refresh": False}, upgrade=True)
    next(wire.blocks())
    wire.socket.close()
    deadline = time.monotonic() + 10
    while not [entry for entry in origin.log if entry[0] == "GONE"]:
        assert time.monotonic() < deadline, "the transfer goes on without a reader"
        time.sleep(0.05)


def test_many_at_once(bulk, origin):
    results = []
    threads = [threading.Thread(target=lambda: results.append(bulk.fetch(route(), origin.url("/fragment"))[1] == FRAGMENT)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 20


def test_told_to_stop_while_busy(folder, origin):
    (folder / "busy").mkdir()
    courier = Courier(folder / "busy", "bulk")
    wire = courier.connect()
    wire.call("Fetch", {"route": route(), "url": origin.url("/forever"), "user_agent": AGENT, "offset": 0, "refresh": False}, upgrade=True)
    courier.stop()
