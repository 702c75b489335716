# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may make this machine run something: a lying PROLOG, a lying info, a wrong or missing signature. A refusal is shown with what to do and is
never reported, since a report ends the server's offer for good."""
import os
import subprocess
from pathlib import Path

import pytest
from lab import make_package, wait_for

ID = "1700000001"
SIGN = os.environ.get("OCS_SIGN", "ocs-sign")


def results(server):
    return [report for device in server.devices().values() for report in device["reports"]]


def sign(*arguments, status=0):
    done = subprocess.run([SIGN, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode == status, done
    return done.stdout if status == 0 else done.stderr


class Signer:
    def __init__(self, folder, name="signer"):
        self.key, self.certificate = folder / f"{name}.key", folder / f"{name}.pem"
        sign("--new-key", f"--key={self.key}", f"--cert={self.certificate}")

    def sign(self, package, *options):
        return sign(f"--key={self.key}", f"--cert={self.certificate}", *options, package["dir"])


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path)


@pytest.fixture
def offer(server, machine, tmp_path):
    """Makes a package and offers it, once the server knows the machine."""
    assert machine.once() == 0, machine.said()

    def make(files=None, offered=None, offer=True, **keys):
        package = make_package(tmp_path / "packages", ID, files, **keys)
        if offer:
            server.add_package(package, **(offered or {}))
        return package
    return make


def require(machine, server, signer, http=None, **companion):
    machine.ini(HTTP=http or {"Server": server.url, "CaBundle": server.ca},
                OCS_Companion={"RequireSignature": signer.certificate, **companion})


def is_held(server, machine, *words):
    def reached():
        reason = (machine.package(ID) or {}).get("reason")
        return reason if reason and reason["code"] == "untrusted" else None
    reason = wait_for(reached, what="a refusal")
    for word in words:
        assert word in reason["message"], reason
    assert not results(server) and server.result(ID) in (None, "", "NOTIFIED")
    return reason


# Signatures.

@pytest.mark.parametrize("way", ["http", "https", "unchecked", "unchecked http"])
def test_signed(server, machine, offer, signer, tmp_path, way):
    http = {"http": {"Server": server.url, "CaBundle": server.ca}, "https": {"Server": server.tls_url, "CaBundle": server.ca},
            "unchecked": {"Server": server.tls_url, "SSL": 0}, "unchecked http": {"Server": server.url, "SSL": 0}}[way]
    require(machine, server, signer, http)
    package = offer({"go.sh": f"echo ran >> {tmp_path}/mark\n"}, command="sh go.sh && true", frags=3)
    signer.sign(package)
    assert machine.once() == 0, machine.said()
    assert server.result(ID) == "SUCCESS"
    assert (tmp_path / "mark").read_text() == "ran\n"


def test_unsigned_waits_until_it_is_signed(server, machine, offer, signer, tmp_path):
    require(machine, server, signer, AllowInsecureDeployment=1)
    package = offer({"x": "y"}, command=f"touch {tmp_path}/mark")
    with machine.start():
        is_held(server, machine, "ocs-sign", "RequireSignature")
        assert machine.wait_state("problem")["reason"]["code"] == "untrusted"
        assert not server.log(f"/download/{ID}/{ID}-1"), "not a byte of it is fetched"
        signer.sign(package)
        machine.call("Contact")
        machine.wait_result(ID)
    assert server.result(ID) == "SUCCESS" and (tmp_path / "mark").exists()


def test_signed_by_somebody_else(server, machine, offer, signer, tmp_path):
    require(machine, server, signer)
    Signer(tmp_path, "other").sign(offer({"x": "y"}, command=f"touch {tmp_path}/mark"))
    with machine.start():
        is_held(server, machine, "somebody else")
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("change", [
    {"command": "touch {mark} # other"}, {"COMMAND": "touch {mark}; true"}, {"action": "LAUNCH", "name": "go.sh"},
    {"files": {"go.sh": "touch {mark}"}}, {"PATH": "/other"}, {"FRAGS": "0"},
], ids=lambda change: next(iter(change)))
def test_changed_after_it_was_signed(server, machine, offer, signer, tmp_path, change):
    """A lying info, also of a server that is believed: what was signed is another package."""
    require(machine, server, signer, {"Server": server.tls_url, "CaBundle": server.ca})
    mark = tmp_path / "mark"
    keys = {"files": {"go.sh": f"touch {mark}"}, "command": f"touch {mark}", "mtime": 1600000000}
    signer.sign(offer(offer=False, **keys))
    fill = {name: {k: v.format(mark=mark) + "\n" for k, v in value.items()} if isinstance(value, dict) else value.format(mark=mark)
            for name, value in change.items()}
    offer(**{**keys, **fill})
    with machine.start():
        is_held(server, machine, "another than was signed")
    assert not mark.exists()


def test_postcmd_is_signed_too(server, machine, offer, signer, tmp_path):
    require(machine, server, signer)
    package = offer(command="true", offered={"postcmd": f"echo after >> {tmp_path}/after"})
    signer.sign(package)
    with machine.start():
        is_held(server, machine, "POSTCMD")
        signer.sign(package, f"--postcmd=echo after >> {tmp_path}/after")
        machine.call("Contact")
        machine.wait_result(ID)
        wait_for((tmp_path / "after").exists, what="what POSTCMD names")
    assert (tmp_path / "after").read_text() == "after\n"
    assert server.result(ID) == "SUCCESS"


@pytest.mark.parametrize("value", ["nowhere.pem", "C:\\certs\\signers.pem", "empty.pem", "text.pem"])
def test_a_file_that_is_no_certificate_lets_nothing_pass(server, machine, offer, signer, tmp_path, value):
    (machine.folder / "empty.pem").write_text("")
    (machine.folder / "text.pem").write_text("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n")
    require(machine, server, signer, AllowInsecureDeployment=1)
    machine.config.write_text(machine.config.read_text().replace(str(signer.certificate), value))
    signer.sign(offer({"x": "y"}, command=f"touch {tmp_path}/mark"))
    with machine.start():
        is_held(server, machine, "RequireSignature")
        if value != "text.pem":
            assert any("RequireSignature" in warning for warning in machine.status()["warnings"])
    assert not (tmp_path / "mark").exists()


def test_required_after_it_was_described(server, machine, offer, signer, tmp_path):
    """What was taken before the rule is not run under the rule, and is not lost either."""
    package = offer({"x": "y"}, command=f"touch {tmp_path}/mark", offered={"schedule": "2099/01/01 08:00"})
    with machine.start():
        wait_for(lambda: (machine.package(ID) or {}).get("step") == "scheduled", what="the schedule")
    require(machine, server, signer)
    server.drop_package(ID)
    server.add_package(package)
    with machine.start():
        machine.call("Contact")
        is_held(server, machine, "ocs-sign")
        assert not (tmp_path / "mark").exists()
        signer.sign(package)
        machine.call("Contact")
        machine.wait_result(ID)
    assert server.result(ID) == "SUCCESS"


@pytest.mark.parametrize("body", [b"", b"<html>not found</html>", b"\x30\x84\xff\xff\xff\xff", b"x" * 70_000], ids=["empty", "page", "asn1", "large"])
def test_odd_signature_files(server, machine, offer, signer, tmp_path, body):
    require(machine, server, signer)
    package = offer({"x": "y"}, command=f"touch {tmp_path}/mark")
    (Path(package["dir"]) / f"{ID}-sig").write_bytes(body)
    with machine.start():
        wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a refusal")
        assert machine.package(ID)["step"] == "offered"
    assert not (tmp_path / "mark").exists() and not results(server)


# The tool.

def test_openssl_makes_and_reads_the_same(server, machine, offer, signer, tmp_path):
    require(machine, server, signer)
    package = offer({"x": "y"}, command="true && true")
    signature = Path(package["dir"]) / f"{ID}-sig"
    text = tmp_path / "text"
    text.write_text(sign("--print", package["dir"]))
    subprocess.run(["openssl", "cms", "-sign", "-binary", "-in", text, "-inkey", signer.key, "-signer", signer.certificate, "-outform", "DER",
                    "-out", signature], check=True, timeout=30)
    assert "right" in sign("--check", f"--cert={signer.certificate}", package["dir"])
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    signer.sign(package)
    subprocess.run(["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", text, "-certfile", signer.certificate,
                    "-noverify", "-out", "/dev/null"], check=True, capture_output=True, timeout=30)


def test_tool_says_what_is_wrong(tmp_path, signer):
    package = make_package(tmp_path, ID, {"x": "y"}, command="true")
    assert "--cert" in sign(package["dir"], status=2)
    assert "--key" in sign(f"--cert={signer.certificate}", package["dir"], status=2)
    assert "folder" in sign(f"--cert={signer.certificate}", f"--key={signer.key}", status=2)
    assert "cannot read" in sign(f"--cert={signer.certificate}", f"--key={tmp_path}/none", package["dir"], status=1)
    assert "its own certificate" in sign(f"--cert={signer.certificate}", f"--key={signer.certificate}", package["dir"], status=1)
    assert "cannot read" in sign("--check", f"--cert={signer.certificate}", package["dir"], status=1)
    assert "cannot write" in sign("--new-key", f"--key={signer.key}", f"--cert={tmp_path}/new.pem", status=1)
    signer.sign(package)
    (Path(package["dir"]) / f"{ID}-1").write_text("other")
    assert "digest" in sign("--check", f"--cert={signer.certificate}", package["dir"], status=1)


# A lying PROLOG.

def test_another_postcmd_while_it_runs(server, machine, offer, tmp_path):
    """Over http anybody on the way answers the PROLOG: what he adds once the package runs is not done after it."""
    package = offer(command=f"touch {tmp_path}/runs; while ! test -e {tmp_path}/go; do sleep 0.05; done")
    with machine.start():
        wait_for((tmp_path / "runs").exists, what="the run")
        server.drop_package(ID)
        server.add_package(package, postcmd=f"touch {tmp_path}/stolen", force=True)
        before = len(server.log(query="PROLOG"))
        machine.call("Contact")
        wait_for(lambda: len(server.log(query="PROLOG")) > before, what="a contact")
        (tmp_path / "go").touch()
        wait_for(lambda: results(server), what="the result")
        wait_for(lambda: (machine.package(ID) or {}).get("step") in ("gone", "offered"), what="the end of the package")
    assert not (tmp_path / "stolen").exists()


@pytest.mark.parametrize("offered", [
    {"info_loc": "evil.example/download"}, {"info_loc": "127.0.0.1.evil.example/download"}, {"info_loc": "evil.example:443/127.0.0.1/download"},
    {"postcmd": "reboot"}, {"postcmd": "REBOOT && touch {mark}"}, {"postcmd": "SHUTDOWN "}, {"postcmd": " REBOOT"},
], ids=lambda offered: " ".join(offered.values()))
def test_what_a_prolog_over_http_may_not_name(server, machine, offer, tmp_path, offered):
    mark = tmp_path / "mark"
    offer(command="true", offered={name: value.format(mark=mark) for name, value in offered.items()})
    if "".join(offered.values()).strip() in ("REBOOT", "SHUTDOWN"):
        pytest.skip("blanks around it are dropped: it is the word itself")
    with machine.start():
        is_held(server, machine)
    assert not mark.exists() and not server.log(f"/download/{ID}/*")


@pytest.mark.parametrize("offered", [
    {"info_loc": "http://127.0.0.1/download"}, {"info_loc": "user@127.0.0.1/download"}, {"info_loc": "127.0.0.1/../download"},
    {"info_loc": "127.0.0.1/down load"}, {"info_loc": ""}, {"pack_loc": "127.0.0.1/a?b"}, {"pack_loc": "127.0.0.1:99999/x"},
    {"info_loc": "127.0.0.1/%2e%2e/x"},
], ids=lambda offered: " ".join(offered.values()) or "empty")
def test_locations_that_are_none(server, machine, offer, tmp_path, offered):
    """Left out as a whole and said in the log: the server may mend it at any time."""
    offer(command=f"touch {tmp_path}/mark", offered=offered)
    assert machine.once() == 0
    assert not (tmp_path / "mark").exists() and not results(server)
    assert ID in machine.said() and "LOC" in machine.said()


# A lying info.

@pytest.mark.parametrize("change", [
    {"ID": "1700000002"}, {"ID": "../../etc"}, {"ID": "1700000001 "}, {"ID": ""}, {"DIGEST": "00"}, {"DIGEST": ""}, {"DIGEST": "z" * 32},
    {"FRAGS": "99999999999999999999"}, {"FRAGS": "1e3"}, {"FRAGS": "0x10"}, {"PRI": "-1"}, {"PRI": "1000"}, {"ACT": ""}, {"ACT": "EXECUTE;LAUNCH"},
    {"PROTO": "FILE"}, {"PROTO": "ftp"}, {"DIGEST_ALGO": "SHA3"}, {"DIGEST_ENCODE": "raw"}, {"NOTIFY_COUNTDOWN": "-5"}, {"COMMAND": " "},
    {"COMMAND": "x" * 70_000},
], ids=lambda change: "=".join(next(iter(change.items())))[:30])
def test_odd_info(server, machine, offer, tmp_path, change):
    """Never run and never reported: whoever mends the package has it installed."""
    offer({"x": "y"}, **{"command": f"touch {tmp_path}/mark", **change})
    with machine.start():
        reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a reason")
        assert reason["code"] == "invalid-data" and next(iter(change)) in reason["message"], reason
    assert not (tmp_path / "mark").exists() and not results(server)


@pytest.mark.parametrize("text", [
    '<DOWNLOAD id="1700000001" pri="5" act="EXECUTE" frags="0" command="touch {mark}"/>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><DOWNLOAD ID="1700000001" PRI="5" ACT="EXECUTE" FRAGS="0" COMMAND="touch {mark}"/>',
    '<html><body><DOWNLOAD ID="1700000001" PRI="5" ACT="EXECUTE" FRAGS="0" COMMAND="touch {mark}"/></body></html>',
    '<DOWNLOAD ID="1700000001" PRI="5" ACT="EXECUTE" FRAGS="0" COMMAND="touch {mark}',
    '<DOWNLOADS ID="1700000001" PRI="5" ACT="EXECUTE" FRAGS="0" COMMAND="touch {mark}"/>',
    '<DOWNLOAD ID=1700000001 PRI="5" ACT="EXECUTE" FRAGS="0" COMMAND="touch {mark}"/>',
    "",
], ids=["other case", "doctype", "page", "cut off", "another element", "no quotes", "empty"])
def test_info_that_is_none(server, machine, offer, tmp_path, text):
    offer(command="true", info=text.format(mark=tmp_path / "mark") or " ")
    with machine.start():
        wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a reason")
    assert not (tmp_path / "mark").exists() and not results(server)


def test_the_first_of_two_attributes_counts_and_entities_are_read_once(server, machine, offer, tmp_path):
    offer(command="true", info=f'<DOWNLOAD ID="{ID}" PRI="5" ACT="EXECUTE" FRAGS="0" COMMAND="echo \'&amp;lt;\' &#62; {tmp_path}/mark" '
                               f'COMMAND="touch {tmp_path}/stolen" ID="2" />')
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    assert (tmp_path / "mark").read_text() == "&lt;\n" and not (tmp_path / "stolen").exists()


# What lies on disk.

def test_changed_on_disk_before_it_runs(server, machine, offer, tmp_path):
    """As after a power cut, or by somebody who got at the state folder: it is seen before anything runs, fetched again, and runs once."""
    package = offer({"go.sh": f"echo ran >> {tmp_path}/mark\n"}, command="sh go.sh", frags=2, offered={"schedule": "2099/01/01 08:00"})
    with machine.start():
        wait_for(lambda: (machine.package(ID) or {}).get("step") == "scheduled", what="the schedule")
        fragment = machine.state / "packages" / ID / f"{ID}-2"
        good = fragment.read_bytes()
        fragment.write_bytes(good[:-9] + b"012345678")
        server.drop_package(ID)
        server.add_package(package)
        machine.call("Contact")
        reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a reason")
        assert reason["code"] == "digest" and not (tmp_path / "mark").exists()
        machine.wait_result(ID)
    assert server.result(ID) == "SUCCESS"
    assert (tmp_path / "mark").read_text() == "ran\n"
