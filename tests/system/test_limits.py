# SPDX-License-Identifier: GPL-3.0-or-later
"""What ocs-courier keeps to for the sake of others, and what it does not bear: limits of the line, HTTP/2, headers and bodies of strangers."""

import os
import re
import shutil
import subprocess
import threading
import time

import pytest
from couriertest import AGENT, COURIER, Courier, bulk, control, folder, origin, refused, route  # noqa: F401
from lab import free_port, wait_for
from peers import FRAGMENT, Server, make_ca, make_context, make_proxy

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


# The line is not ours alone

def test_bandwidth_limit(bulk, origin):
    """What crosses the line keeps to the limit, all transfers together; what a cache gives does not count, and hours that are over do not."""
    proxy = make_proxy()
    limited = {"bandwidth": 400_000}

    def seconds(way, path):
        began = time.monotonic()
        assert bulk.fetch(way, origin.url(path))[1] == FRAGMENT
        return time.monotonic() - began

    # A second's worth in advance, so a mebibyte takes the rest of its time at least.
    assert seconds(route(**limited), "/plain") > 1.2
    began = time.monotonic()
    threads = [threading.Thread(target=bulk.fetch, args=(route(**limited), origin.url("/plain"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began > 2 * len(FRAGMENT) / 400_000 - 2
    waited = bulk.fetch(route(proxy, bandwidth=1024), origin.url("/held"))
    assert waited[1] == FRAGMENT and waited[2]["traffic"]["verdict"] == "hit", "at this limit it would take a quarter of an hour"
    tomorrow = time.strftime("%a", time.localtime(time.time() + 2 * 86400))
    assert bulk.fetch(route(bandwidth=1024, bandwidth_hours=tomorrow), origin.url("/plain"))[1] == FRAGMENT


def test_another_limit_at_other_hours(bulk, origin):
    """Each counts in its own hours; 0 is none."""
    tomorrow = time.strftime("%a", time.localtime(time.time() + 2 * 86400))
    today = ", ".join(time.strftime("%a", time.localtime(time.time() + days * 86400)) for days in (-1, 0, 1))
    slow, fast = 400_000, 1 << 30
    for hours, limits in ((tomorrow, (fast, slow)), (today, (slow, fast)), (tomorrow, (0, slow)), (today, (slow, 0))):
        began = time.monotonic()
        way = route(bandwidth=limits[0], bandwidth_other=limits[1], bandwidth_hours=hours)
        assert bulk.fetch(way, origin.url("/plain"))[1] == FRAGMENT
        assert time.monotonic() - began > 1.2, (hours, limits)
    for hours, limits in ((tomorrow, (1024, fast)), (today, (fast, 1024)), (tomorrow, (1024, 0)), (today, (0, 1024))):
        way = route(bandwidth=limits[0], bandwidth_other=limits[1], bandwidth_hours=hours)
        assert bulk.fetch(way, origin.url("/plain"))[1] == FRAGMENT, "at the other limit it would take a quarter of an hour"


def kernel_buffers(courier):
    """What the kernel may take in ahead on each connection of a courier, by ss(8)."""
    told = subprocess.run(["ss", "-tmnpH", "state", "established"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [int(size) for size in re.findall(rf"pid={courier.process.pid},.*?skmem:\(r\d+,rb(\d+)", told, re.S)]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ss"), reason="needs root and ss(8)")
def test_the_kernel_takes_little_ahead(tmp_path, origin):
    """Only where every hour has a low limit: a high one needs more over a long line."""
    allowed = int(open("/proc/sys/net/core/rmem_max", encoding="ascii").read())
    bound = 2 * min(256 * 1024, allowed)  # Linux doubles what it is asked for
    for number, (limits, low) in enumerate((((200_000, 1024), True), ((200_000, 0), False), ((200_000, 4 << 20), False), ((0, 1024), False))):
        (tmp_path / str(number)).mkdir()
        courier = Courier(tmp_path / str(number), "bulk")
        try:
            courier.fetch(route(bandwidth=limits[0], bandwidth_other=limits[1], bandwidth_hours="Mon"), origin.url("/nothing"))
            assert (kernel_buffers(courier) == [bound]) == low, limits
        finally:
            courier.stop()


def test_limited_and_given_up(bulk, origin):
    wire = bulk.connect()
    wire.call("Fetch", {"route": route(bandwidth=1024), "url": origin.url("/plain"), "user_agent": AGENT, "offset": 0, "refresh": False},
              upgrade=True)
    next(wire.blocks())
    wire.socket.close()
    assert bulk.fetch(route(), origin.url("/plain"))[1] == FRAGMENT


# Bad input

def test_megabytes_of_header(control, bulk, origin):
    before = bulk.memory()
    for path in ("/headers_many", "/headers_long"):
        error = refused(bulk.fetch, route(), origin.url(path))
        assert error.name in ("BadReply", "Failed") and "\n" not in error.message, path
        assert control.exchange(route(), origin.url("/headers"))["error"] == "bad-reply"
    assert bulk.memory() - before < 16 << 20


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/x", "http://user:secret@127.0.0.1:1/"])
def test_redirects_lead_nowhere(control, bulk, origin, target):
    origin.target = target
    error = refused(bulk.fetch, route(), origin.url("/away"))
    trailer = control.exchange(route(), origin.url("/away"))
    assert error.name in ("Unreachable", "BadReply") and trailer["error"] in ("unreachable", "bad-reply")
    assert "secret" not in error.message + trailer["message"] and "root:" not in error.message


def test_body_longer_than_declared(bulk, origin):
    """What comes after the declared end belongs to no answer: neither to this one, nor to the next of that connection."""
    for _ in range(3):
        head, data, trailer = bulk.fetch(route(), origin.url("/longer"))
        assert data == b"12345" and head["size"] == 5 and "error" not in trailer
    assert bulk.fetch(route(), origin.url("/fragment"))[1] == FRAGMENT


# HTTP/2

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  log_format version "$server_protocol"; access_log {folder}/access.log version;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/temp; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {cert}; ssl_certificate_key {key};
    location / {{ proxy_pass http://127.0.0.1:{origin}; }}
  }}
}}
"""


def test_http_2(folder, control, origin):
    """Over TLS HTTP/2 is spoken with whoever can, by one connection; the answers are the same."""
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if not nginx:
        pytest.skip("nginx is not installed: run tests/lab/lab.sh install")
    authority = make_ca(folder, "ours")
    make_context(folder, "ours", "localhost")
    place = folder / "nginx"
    place.mkdir()
    place.chmod(0o777)
    folder.chmod(0o755)
    port = free_port()
    (place / "nginx.conf").write_text(NGINX.format(folder=place, port=port, origin=origin.port, cert=folder / "server.pem", key=folder / "server.key"))
    process = subprocess.Popen([nginx, "-p", place, "-c", place / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        way = route(ca_pem=authority, connect_timeout=20)
        url = f"https://localhost:{port}"
        wait_for(lambda: subprocess.run(["curl", "-sk", "-o", "/dev/null", url], check=False).returncode == 0, 20, "nginx")
        for _ in range(3):
            trailer = control.exchange(way, url + "/ocsinventory")
            assert trailer.get("reply", {}).get("response") == "SEND", trailer
        assert control.call("Describe", route=way, url=url + "/17/info", user_agent=AGENT)["attributes"]["ID"] == "17"
        assert control.exchange(way, url + "/status/403")["error"] == "refused"
        told = (place / "access.log").read_text().split()
        assert told[-5:] == ["HTTP/2.0"] * 5, told
    finally:
        process.terminate()
        process.wait()
