# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: each is a state, a code and one line that says what to do, and the worker goes on."""
import json
import os
import subprocess
import time

import pytest
from lab import free_port, make_package


def problem(machine, state, code, *words):
    status = machine.wait_state(state)
    reason = status["reason"]
    assert reason["code"] == code, reason
    assert "\n" not in reason["message"]
    for word in words:
        assert word in reason["message"], reason
    assert reason["message"] in machine.said()
    return status


def test_no_server_is_set(machine):
    machine.ini(HTTP={})
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "not-configured"
        assert str(machine.config) in status["reason"]["message"]
        assert status["next_contact"] == 0, "with nobody"


def test_unreadable_configuration(machine):
    machine.config.unlink()
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "not-configured" and str(machine.config) in status["reason"]["message"]


def test_configuration_is_taken_up_without_a_restart(server, machine):
    machine.ini(HTTP={})
    with machine.start():
        machine.wait_state("problem")
        machine.ini(HTTP={"Server": server.url})
        machine.call("Contact")
        machine.wait_state("well")


def test_nobody_listens(machine):
    port = free_port()
    machine.ini(HTTP={"Server": f"http://127.0.0.1:{port}/ocsinventory"})
    with machine.start():
        problem(machine, "away", "unreachable", str(port))
        assert machine.status()["next_contact"] > time.time()


def test_unknown_host(machine):
    machine.ini(HTTP={"Server": "http://no-such-host.invalid/ocsinventory"})
    with machine.start():
        problem(machine, "away", "unreachable", "no-such-host.invalid")


def test_wrong_path(server, machine):
    machine.ini(HTTP={"Server": server.url.replace("/ocsinventory", "/nothing")})
    with machine.start():
        problem(machine, "problem", "bad-reply", "Server")


def test_web_page_instead_of_a_reply(server, machine):
    server.rule("/ocsinventory", body="<html><body>Welcome to the hotel</body></html>", content_type="text/html")
    with machine.start():
        problem(machine, "problem", "bad-reply")


def test_portal(server, machine):
    """A server that has answered before, and now a page in its place: the network wants a login, nothing is wrong here."""
    assert machine.once() == 0, machine.said()
    server.rule("/ocsinventory", body="<html><body>Welcome to the hotel</body></html>", content_type="text/html")
    with machine.start():
        machine.call("Contact")
        problem(machine, "away", "bad-reply", "in a browser")


def test_server_asks_to_be_left_alone(server, machine):
    server.rule("/ocsinventory", status=503, headers={"Retry-After": "1800"})
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "busy"
        assert 1700 < status["next_contact"] - time.time() < 2000, "half an hour and up to a tenth of it"


@pytest.mark.parametrize("body", ["", "x" * 100, "<?xml version='1.0'?><REPLY><RESPONSE>SEND</RESPONSE>", "<?xml version='1.0'?><OTHER/>"])
def test_nonsense_instead_of_a_reply(server, machine, body):
    server.rule("/ocsinventory", body=body)
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] in ("bad-reply", "invalid-data"), status["reason"]


@pytest.mark.parametrize("status, state, code", [(400, "problem", "refused"), (401, "problem", "server-auth"), (403, "problem", "refused"),
                                                 (500, "problem", "refused")])
def test_server_says_no(server, machine, status, state, code):
    server.rule("/ocsinventory", status=status)
    with machine.start():
        problem(machine, state, code)


def test_wrong_ca(server, machine, tmp_path):
    other = tmp_path / "other"
    subprocess.run(["sh", os.environ["OCS_MAKE_CA"], str(other)], check=True)
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": other / "ca.pem"})
    with machine.start():
        problem(machine, "problem", "tls")


def test_missing_ca(server, machine):
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": "/nowhere/ca.pem"})
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "tls" and "/nowhere/ca.pem" in status["reason"]["message"]


def test_right_ca(server, machine):
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": server.ca})
    assert machine.once() == 0, machine.said()


def test_unchecked_certificates_are_shown(server, machine):
    machine.ini(HTTP={"Server": server.tls_url, "SSL": 0})
    with machine.start():
        assert machine.wait_state("well")["insecure"] is True


def test_proxy_is_down(server, machine):
    port = free_port()
    machine.ini(HTTP={"Server": server.url, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": port})
    with machine.start():
        status = problem(machine, "away", "proxy-unreachable", str(port))
        assert status["proxy"]["reason"]["code"] == "proxy-unreachable"


def test_malformed_lines_are_named_and_the_rest_is_kept(server, machine):
    machine.config.write_text(f"[HTTP]\nthis is not a key\nServer={server.url}\nProxyPort=abc\nServr=typo\n")
    with machine.start():
        warnings = machine.wait_state("well")["warnings"]
        assert any("line 2" in warning for warning in warnings)
        assert any("Servr" in warning and "Server" in warning for warning in warnings)


def test_flag_without_a_user_is_off_with_a_warning(server, machine):
    machine.ini(HTTP={"Server": server.url, "AuthRequired": 1, "ProxyAuthRequired": 1, "User": "", "ProxyUser": ""})
    with machine.start():
        assert any("AuthRequired" in warning for warning in machine.wait_state("well")["warnings"])
    for entry in server.log():
        assert "authorization" not in {name.lower() for name in entry["headers"]}


def test_password_file_that_others_can_read(server, machine):
    machine.ini(HTTP={"Server": server.url, "AuthRequired": 1, "User": "AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw==",
                      "Pwd": "AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg=="})
    machine.config.chmod(0o644)
    with machine.start():
        warnings = machine.wait_state("well")["warnings"]
        assert any("chmod 600" in warning for warning in warnings)
        said = machine.said() + json.dumps(machine.status())
        assert "S3cret!pw" not in said and "proxyuser" not in said


def test_full_disk(server, machine):
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", machine.folder],
                                           capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small file system")
    try:
        machine.ini(HTTP={"Server": server.url})
        machine.log = machine.folder.parent / "full-disk.log"
        with machine.start():
            machine.wait_state("well")
            (machine.folder / "filler").write_bytes(b"")
            with pytest.raises(OSError):
                with open(machine.folder / "filler", "wb", buffering=0) as filler:
                    while True:
                        filler.write(b"x" * 4096)
            machine.call("Contact")
            problem(machine, "problem", "no-space", "free some disk space")
            (machine.folder / "filler").unlink()
            machine.call("Contact")
            machine.wait_state("well")
    finally:
        subprocess.run(["umount", "-l", machine.folder], check=False)


def test_half_written_state_is_kept_aside(server, machine):
    assert machine.once() == 0
    name = machine.identity()
    (machine.state / "schedule.json").write_text('{"prolog_freq_ho')
    (machine.state / "accepted.json").write_text("")
    assert machine.once() == 0, machine.said()
    assert (machine.state / "schedule.json.broken").exists()
    assert machine.identity() == name


def test_state_of_a_newer_version_is_left_alone(server, machine, tmp_path):
    """A package that it knows may have run: offered again, it is not run by who cannot read that. And so is the machine's identity."""
    assert machine.once() == 0
    journal = machine.state / "packages/1700000001/state.json"
    journal.parent.mkdir(parents=True)
    journal.write_text('{"version": 99, "step": "of tomorrow"}')
    mark = tmp_path / "ran"
    server.add_package(make_package(tmp_path / "packages", 1700000001, command=f"touch {mark}"))
    with machine.start():
        machine.outcome(machine.call("Contact")["serial"])
        status = machine.wait_state("well")
        assert [line for line in status["warnings"] if "1700000001" in line and "newer version" in line], status
        assert not status["packages"] and not mark.exists() and "of tomorrow" in journal.read_text()
    identity = machine.state / "identity.json"
    later = identity.read_text().replace('"version":1', '"version":2')
    assert '"version":2' in later
    identity.write_text(later)
    assert machine.once() == 1 and "newer version of OCS Companion: install that again" in machine.said()
    assert identity.read_text() == later and "of tomorrow" in journal.read_text()
    assert list(server.devices()) == [json.loads(later)["deviceid"]]


def test_no_machine_id(server, machine, tmp_path):
    """A system that has none yet, or an empty one, as images have: the same machine before and after it gets one."""
    (tmp_path / "root/etc").mkdir(parents=True)
    machine.environment["OCS_INVENTORY_ROOT"] = str(tmp_path / "root")
    assert machine.once() == 0, machine.said()
    name = machine.identity()
    for text in ("", "uninitialized\n", "a" * 32 + "\n"):
        (tmp_path / "root/etc/machine-id").write_text(text)
        assert machine.once() == 0, machine.said()
        assert machine.identity() == name and list(server.devices()) == [name]


def test_history_that_the_disk_does_not_give_out(server, machine, tmp_path):
    """Told that nothing has ever run here, the server would offer it all again."""
    server.add_package(make_package(tmp_path / "packages", "1700000001", command=f"echo x >> {tmp_path}/mark"))
    assert machine.once() == 0
    assert machine.once() == 0 and server.result("1700000001") == "SUCCESS"
    history = machine.state / "history"
    history.rename(tmp_path / "aside")
    history.mkdir()
    server.redeploy("1700000001")
    assert machine.once() == 1 and "history" in machine.said()
    with machine.start():
        machine.call("Contact")
        problem(machine, "problem", "failed", "history")
    history.rmdir()
    (tmp_path / "aside").rename(history)
    assert machine.once() == 0
    assert (tmp_path / "mark").read_text() == "x\n"
