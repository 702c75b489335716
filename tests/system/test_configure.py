# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuring a worker: by ocsctl, by its own program where none runs, by drop-ins; what it refuses, what it keeps, and that passwords
are nowhere to be read."""
import base64
import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest
from lab import INI_KEY, make_package, seal, wait_for
from machine import WORKER, VarlinkError

CTL = os.environ["OCSCTL"]
DONE, FAILED, USAGE, NOT_REACHABLE = 0, 1, 2, 3
CANARY = "c4nary-pa55word"


def ctl(machine, *arguments, give=None, **options):
    """give: KEY=VALUE lines for --secret-fd."""
    command = [CTL, f"--socket={machine.runtime}/worker.sock", *arguments]
    if give is None:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **options)
    reading, writing = os.pipe()
    os.write(writing, give.encode())
    os.close(writing)
    try:
        return subprocess.run([*command, f"--secret-fd={reading}"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              pass_fds=[reading], **options)
    finally:
        os.close(reading)


def offline(machine, *arguments, root="/", **options):
    return subprocess.run([WORKER, f"--config={machine.config}", f"--state-dir={machine.state}", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, env=dict(os.environ, OCS_INVENTORY_ROOT=str(root)), **options)


def changed(done):
    assert done.returncode == DONE, done.stderr
    return [line.split(": ", 1)[1] for line in done.stdout.splitlines()]


def wait_authenticated(machine):
    """A contact under way ends before what was set counts."""
    wait_for(lambda: machine.status()["proxy"]["authenticated"], 20, "the login to count")


def test_one_line_with_the_windows_switches(machine, server):
    machine.config.unlink()
    with machine.start():
        assert machine.wait_state("problem")["reason"]["code"] == "not-configured"
        done = ctl(machine, "configure", f"SERVER={server.url}", f"/CA={server.ca}", "PROXY_TYPE=0", "TAG=site 9", "NOSOFTWARE", "/S", "NOW", "--wait")
        assert done.returncode == DONE, done.stderr
        assert [line for line in done.stdout.splitlines() if line.startswith("changed: ")] == [
            "changed: [HTTP]Server", "changed: [HTTP]CaBundle", "changed: [HTTP]ProxyType", "changed: [OCS Companion]TAG",
            "changed: [OCS Inventory Agent]NoSoftware"]
        assert machine.status()["server"] == server.url
        assert machine.config.stat().st_mode & 0o777 == 0o600
        # Again: nothing, for Ansible.
        assert changed(ctl(machine, "configure", f"SERVER={server.url}", "TAG=site 9")) == []
        shown = ctl(machine, "configure").stdout
        assert f"Server={server.url}" in shown and "[OCS Companion]\nTAG=site 9" in shown


def test_the_file_stays_the_administrators(machine, server):
    text = f"\ufeff; ours\r\n[HTTP]\r\nServer = {server.url}  \r\n\r\n# end of it\r\n[Other]\r\nkey=1\r\n"
    machine.config.write_bytes(text.encode())
    with machine.start():
        assert changed(ctl(machine, "configure", "ProxyPort=3129")) == ["[HTTP]ProxyPort"]
        assert machine.config.read_bytes() == text.replace(f"{server.url}  \r\n", f"{server.url}  \r\nProxyPort=3129\r\n").encode()
        assert changed(ctl(machine, "configure", "[HTTP]ProxyPort=")) == ["[HTTP]ProxyPort"]
        assert machine.config.read_bytes() == text.encode()


@pytest.mark.parametrize("arguments, word", [
    (["ProxyTyp=1"], "did you mean ProxyType"), (["SSL=yes"], "0 or 1"), (["ProxyPort=0"], "1 to 65535"), (["[HTTP]TAG=x"], "[OCS Companion]"),
    (["Server=ftp://x/"], "http://HOST"), (["Proxy=vip:s3cr3t@cache"], "ProxyPwd"), (["FLY"], "KEY=VALUE"), (["ProxyPwd=s3cr3t"], "--secret-fd"),
    (["/PROXY_PWD=s3cr3t"], "--secret-fd"), (["Server="], None), (["TAG=a", "SSL=2"], "0 or 1"),
])
def test_wrong_values_change_nothing(machine, arguments, word):
    before = machine.config.read_bytes()
    with machine.start():
        done = ctl(machine, "configure", *arguments)
        if word is None:
            assert done.returncode == DONE and "no server" in done.stderr, "taking the server out is meant"
            return
        assert done.returncode == FAILED and word in done.stderr and len(done.stderr.splitlines()) == 1
        assert "s3cr3t" not in done.stderr + machine.said()
        assert machine.config.read_bytes() == before


def test_what_would_cut_it_off_is_refused(machine, server):
    with machine.start():
        done = ctl(machine, "configure", f"SERVER={server.tls_url}", "CaBundle=not-there.pem")
        assert done.returncode == FAILED and "not-there.pem" in done.stderr
        assert f"Server={server.url}" in machine.config.read_text()
        assert changed(ctl(machine, "configure", "--check", f"SERVER={server.tls_url}")) == ["[HTTP]Server"]
        assert f"Server={server.url}" in machine.config.read_text(), "a check changes nothing"
        assert changed(ctl(machine, "configure", f"SERVER={server.tls_url}")) == ["[HTTP]Server"]
        assert machine.call("Contact") and machine.outcome(1)["kind"] in ("contacted", "sent")


def test_drop_ins(machine, server):
    folder = machine.folder / "ocsinventory.d"
    folder.mkdir()
    (folder / "50-site.ini").write_text("[HTTP]\nProxyPort=8080\n[OCS Companion]\nTAG=fleet\nTypo=1\n")
    with machine.start():
        status = machine.status()
        assert status["tag"] == "fleet"
        assert any("50-site.ini line 5" in line and "Typo" in line for line in status["warnings"])
        done = ctl(machine, "configure", "TAG=mine")
        assert done.returncode == 4 and "50-site.ini" in done.stderr
        assert changed(ctl(machine, "configure", "TAG=fleet")) == []
        settings = {each["key"]: each for each in machine.call("GetSettings", {"all": True})["settings"]}
        assert settings["TAG"]["source"] == str(folder / "50-site.ini") and settings["Server"]["source"] == str(machine.config)
        (folder / "50-site.ini").unlink()
        machine.process.send_signal(signal.SIGHUP)
        wait_for(lambda: machine.status().get("tag") is None, 10, "the file to be read anew")


def test_reload_keeps_the_download(machine, server, tmp_path):
    """Settings are changed, and the file is read anew, while fragments come: none comes twice."""
    assert machine.once() == 0
    package = make_package(tmp_path / "p", 1700006001, {"data": os.urandom(600_000)}, frags=6, command="true")
    server.add_package(package)
    server.rule("/download/1700006001/1700006001-*", rate=150_000)
    with machine.start():
        machine.call("Contact")
        wait_for(lambda: (machine.package(1700006001) or {}).get("step") == "fetching", 20, "the download")
        assert changed(ctl(machine, "configure", "Debug=1")) == ["[OCS Inventory Agent]Debug"]
        machine.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        machine.process.send_signal(signal.SIGHUP)
        assert machine.wait_result(1700006001)["result"] == "SUCCESS"
    for number in range(1, 7):
        assert len(server.log(f"/download/1700006001/1700006001-{number}")) == 1


def test_drop_a_package(machine, server, tmp_path):
    assert machine.once() == 0
    server.add_package(make_package(tmp_path / "p", 1700006002, {"data": os.urandom(900_000)}, frags=3, command="true"))
    server.rule("/download/1700006002/1700006002-*", rate=20_000)
    with machine.start():
        machine.call("Contact")
        wait_for(lambda: (machine.package(1700006002) or {}).get("step") == "fetching", 20, "the download")
        assert ctl(machine, "drop", "1700006002").returncode == DONE
        assert machine.wait_result(1700006002)["result"] == "ERR_ABORTED"
        assert server.result(1700006002) == "ERR_ABORTED"
        again = ctl(machine, "drop", "1700006002")
        assert again.returncode == FAILED and "is over" in again.stderr
        assert ctl(machine, "drop", "99").returncode == FAILED


def test_without_a_worker(machine):
    machine.config.unlink()
    assert ctl(machine, "configure", "TAG=x").returncode == NOT_REACHABLE
    done = offline(machine, "--configure", "SERVER=http://ocs.example/ocsinventory", "PROXY_TYPE=1", "PROXY=cache.example", "PROXY_PORT=3128")
    assert changed(done) == ["[HTTP]Server", "[HTTP]ProxyType", "[HTTP]Proxy", "[HTTP]ProxyPort"]
    assert changed(offline(machine, "--configure", "PROXY_PORT=3128")) == []
    assert changed(offline(machine, "--configure", "--check", "PROXY_PORT=3129")) == ["[HTTP]ProxyPort"]
    assert "ProxyPort=3128" in machine.config.read_text()
    assert "--secret-fd" in offline(machine, "--configure", f"ProxyPwd={CANARY}").stderr
    wrong = offline(machine, "--configure", "Sever=x")
    assert wrong.returncode == FAILED and "Server" in wrong.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a mount namespace")
@pytest.mark.parametrize("how", ["full", "read-only"])
def test_disk_that_takes_nothing(machine, tmp_path, how):
    """The old file stands, whole."""
    folder = tmp_path / "etc"
    folder.mkdir()
    options = "size=64k" if how == "full" else "size=1m"
    script = (f"mount -t tmpfs -o {options} none {folder}; printf '[HTTP]\\nServer=http://a/ocsinventory\\n' > {folder}/o.ini; "
              + (f"dd if=/dev/zero of={folder}/rest bs=4k 2>/dev/null || true; " if how == "full" else f"mount -o remount,ro {folder}; ")
              + f"{WORKER} --config={folder}/o.ini --state-dir={tmp_path}/s --configure TAG=x; echo status $?; cat {folder}/o.ini; ls {folder}")
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert "status 1" in done.stdout and "Server=http://a/ocsinventory\n" in done.stdout and "TAG" not in done.stdout and ".tmp" not in done.stdout
    assert ("free some disk space" if how == "full" else "check its owner, mode and mount") in done.stderr


def test_import_of_a_windows_file(machine, server):
    text = (f"[HTTP]\r\nServer={server.url}\r\nCaBundle=C:\\ProgramData\\OCS Inventory NG\\Agent\\cacert.pem\r\nSSL=1\r\nProxyType=1\r\n"
            f"Proxy=10.1.2.3\r\nProxyPort=3128\r\nProxyAuthRequired=1\r\nProxyUser={seal('vip')}\r\nProxyPwd={seal(CANARY)}\r\n"
            "[OCS Inventory Agent]\r\nComProvider=ComHTTP.dll\r\nDEFAULT_USER_DOMAIN=Zürich\r\n")
    file = machine.folder / "windows.ini"
    file.write_bytes(text.encode("cp1252"))
    with machine.start():
        tried = ctl(machine, "import", "--check", str(file))
        assert tried.returncode == DONE and "would change: [HTTP]ProxyPwd" in tried.stdout and "ProxyPwd" not in machine.config.read_text()
        done = ctl(machine, "import", str(file))
        assert "[HTTP]ProxyPwd" in changed(done) and "ComProvider" in done.stderr and "cacert.pem next to" in done.stderr
        assert "DEFAULT_USER_DOMAIN=Zürich" in machine.config.read_text()
        wait_authenticated(machine)
        assert changed(ctl(machine, "import", str(file))) == []
        whole = json.loads(ctl(machine, "--json", "import", str(file)).stdout)
        assert {"key": "[HTTP]ProxyPwd"} in whole["values"]


def test_prompt_for_a_password(machine):
    with machine.start():
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(CTL, [CTL, f"--socket={machine.runtime}/worker.sock", "configure", "ProxyUser=vip", "ProxyPwd"])
        said = b""
        while b"ProxyPwd: " not in said:
            said += os.read(terminal, 1000)
        os.write(terminal, CANARY.encode() + b"\n")
        try:
            while more := os.read(terminal, 1000):
                said += more
        except OSError:
            pass
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == DONE and CANARY.encode() not in said
        assert machine.call("GetSettings") and "{aes-256-gcm}" in machine.config.read_text()


@pytest.mark.parametrize("kind", ["TAG", "DEVICEID"])
def test_state_is_kept(machine, kind):
    """Configuring touches nothing but the file."""
    assert machine.once() == 0
    before = {path.name: path.read_bytes() for path in machine.state.iterdir() if path.is_file()}
    assert changed(offline(machine, "--configure", f"{kind}=x-2026-01-02-03-04-05")) == [f"[OCS Companion]{kind}"]
    assert {path.name: path.read_bytes() for path in machine.state.iterdir() if path.is_file()} == before


def test_bad_calls(machine):
    with machine.start():
        for parameters in ({}, {"values": 1}, {"values": [1]}, {"values": [{}]}, {"values": [{"key": 1}]}, {"values": [{"key": "TAG", "value": 1}]}):
            try:
                machine.call("Configure", parameters)
            except VarlinkError as error:
                assert error.name in ("InvalidData", "InvalidParameter")
        with pytest.raises(VarlinkError):
            machine.call("Import", {"text": "x=1", "kind": "magic"})
        machine.status()


# ---- nowhere to be read -----------------------------------------------------------------------------------------------------------

def test_passwords_are_nowhere(machine, server, tmp_path):
    """A password goes through a whole life of the worker, in every way that it can come; then every file, log, reply, argument and
    environment is searched for it, in any of the forms that it takes on its way."""
    forms = [CANARY.encode(), CANARY.encode("utf-16-le"), base64.b64encode(b"vip:" + CANARY.encode()), base64.b64encode(CANARY.encode()),
             seal(CANARY, bytes(16)).encode(), CANARY.encode().hex().encode()]

    def search(what, data):
        for form in forms:
            assert form not in data, f"{form!r} in {what}"

    with machine.start():
        machine.outcome(machine.call("Contact")["serial"])  # or the one below would join the first
        done = ctl(machine, "configure", "PROXY_TYPE=1", "PROXY=127.0.0.1", "PROXY_PORT=1", "PROXY_USER=vip", "USER=vip",
                   give=f"ProxyPwd={CANARY}\nPwd={CANARY}\n")
        assert "[HTTP]ProxyPwd" in changed(done) and "[HTTP]ProxyAuthRequired" in changed(done)
        assert changed(ctl(machine, "configure", give=f"ProxyPwd={CANARY}\n")) == [], "sealed anew each time, but the same"
        assert machine.outcome(machine.call("Contact")["serial"])["kind"] == "failed", "nobody listens there"
        replies = [machine.call(method) for method in ("GetStatus", "GetProxy", "GetSettings", "ListPackages", "GetPolicy", "GetHistory")]
        replies.append(machine.call("Configure", {"values": [{"key": "ProxyPwd", "value": CANARY}], "check": True}))
        with pytest.raises(VarlinkError) as refused:
            machine.call("Configure", {"values": [{"key": "ProxyPwd", "value": CANARY + "\n"}]})
        replies.append({"error": str(refused.value)})
        search("replies", json.dumps(replies).encode())
        search("ocsctl", (done.stdout + done.stderr).encode())
        for process in [machine.process.pid, *children(machine.process.pid)]:
            for name in ("cmdline", "environ"):
                search(f"{name} of {process}", Path(f"/proc/{process}/{name}").read_bytes())
    for path in machine.folder.rglob("*"):
        if path.is_file():
            search(path, path.read_bytes())
    search("the server's log", json.dumps(server.log("*")).encode())
    assert machine.config.read_text().count("{aes-256-gcm}") == 4
    assert (machine.state / "key").stat().st_mode & 0o777 == 0o600 and len((machine.state / "key").read_bytes()) == 32


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_no_core(machine, tmp_path):
    """Worker and couriers with a password in memory are killed so that they would dump core; where the kernel writes cores as files, none
    is there."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if pattern.startswith("|") or "/" in pattern:
        pytest.skip(f"cores do not go to the working folder here ({pattern})")
    folder = tmp_path / "cores"
    folder.mkdir()
    other = subprocess.Popen(["sleep", "60"], cwd=folder, preexec_fn=unlimited)
    other.send_signal(signal.SIGABRT)
    other.wait(20)
    if not list(folder.iterdir()):
        pytest.skip("the kernel writes no cores here")
    for core in folder.iterdir():
        core.unlink()
    with machine.start(cwd=folder, preexec_fn=unlimited):
        ctl(machine, "configure", "PROXY_TYPE=1", "PROXY=127.0.0.1", "PROXY_PORT=1", "PROXY_USER=vip", give=f"ProxyPwd={CANARY}\n")
        machine.call("Contact")
        for process in [*children(machine.process.pid), machine.process.pid]:
            os.kill(process, signal.SIGABRT)
        machine.process.wait(20)
        machine.process = None
    assert list(folder.iterdir()) == []


def unlimited():
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_key_is_the_machines(machine, server, tmp_path):
    """A copy of the ini opens nothing elsewhere, and says so."""
    with machine.start():
        ctl(machine, "configure", "PROXY_TYPE=1", "PROXY=127.0.0.1", "PROXY_PORT=1", "PROXY_USER=vip", give=f"ProxyPwd={CANARY}\n")
        wait_authenticated(machine)
    (machine.state / "key").unlink()
    with machine.start():
        status = machine.status()
        assert not status["proxy"]["authenticated"]
        assert any("ProxyUser" in line and "set it again" in line for line in status["warnings"])
    assert INI_KEY not in machine.config.read_text()


def read_as_windows(value):
    """By openssl, and as the agent's own reader would: a padding sign must be there, the text ends at its NUL byte."""
    iv, text = value.split("|||")
    assert text.endswith("=")
    done = subprocess.run(["openssl", "enc", "-d", "-aes-256-cbc", "-a", "-A", "-K", INI_KEY, "-iv", base64.b64decode(iv).hex()],
                          input=text.encode(), stdout=subprocess.PIPE, check=True)
    return done.stdout.split(b"\0")[0].decode("latin-1")


def test_a_file_for_windows(machine):
    with machine.start():
        changed(ctl(machine, "configure", "PROXY_TYPE=1", "PROXY=cache", "PROXY_USER=vip", give="ProxyPwd=pässwört\n"))
    done = offline(machine, "--print-windows-ini")
    assert done.returncode == DONE and "{aes" not in done.stdout and "{aes" in machine.config.read_text()
    values = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    assert (read_as_windows(values["ProxyUser"]), read_as_windows(values["ProxyPwd"])) == ("vip", "pässwört")
    reading, writing = os.pipe()
    os.write(writing, f"ProxyPwd={'x' * 31}\n".encode())
    os.close(writing)
    assert changed(offline(machine, "--configure", f"--secret-fd={reading}", pass_fds=[reading])) == ["[HTTP]ProxyPwd"]
    refused = offline(machine, "--print-windows-ini")
    assert refused.returncode == FAILED and refused.stdout == "" and "31 to 46" in refused.stderr and "ProxyPwd" in refused.stderr
