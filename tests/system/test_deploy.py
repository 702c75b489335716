# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages from offer to result against the test server: every action, trust, wrong bytes, kills in the middle."""
import json
import os
import signal
import subprocess
import time

import pytest
from lab import make_archive, make_package, wait_for

ID = "1700000001"


def results(server):
    return [report for device in server.devices().values() for report in device["reports"]]


@pytest.fixture
def offer(server, machine, tmp_path):
    """Makes a package and offers it; the keywords of make_package() and, in offered, of add_package(). A server offers nothing to a
    machine that it has no inventory of, so there is one contact before."""
    assert machine.once() == 0, machine.said()

    def make(number=ID, files=None, offered=None, **keys):
        package = make_package(tmp_path / "packages", number, files, **keys)
        server.add_package(package, **(offered or {}))
        return package
    return make


def test_execute(server, machine, offer, tmp_path):
    mark = tmp_path / "mark"
    offer(files={"setup.sh": f"echo done by the package; echo $OCS_PACKAGE_ID > {mark}\n"}, command="sh setup.sh && true", frags=3)
    assert machine.once() == 0, machine.said()
    assert server.result(ID) == "SUCCESS"
    assert mark.read_text().strip() == ID
    assert (machine.state / "history").read_text().split() == [ID]
    assert sorted(p.name for p in (machine.state / "packages" / ID).iterdir()) == ["output", "state.json"]
    assert "done by the package" in (machine.state / "packages" / ID / "output").read_text()


def test_launch(server, machine, offer, tmp_path):
    mark = tmp_path / "mark"
    offer(files={"my-setup.sh": f"#!/bin/sh\necho \"$1\" > {mark}\n"}, action="LAUNCH", name="my-setup.sh 'two words'")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    assert mark.read_text() == "two words\n"


def test_store(server, machine, offer, tmp_path):
    target = tmp_path / "deep" / "target"
    offer(files={"a.txt": "a", ".hidden": "h", "dir/b.txt": "b"}, action="STORE", path=str(target), frags=2, kind="zip")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    assert (target / ".hidden").read_text() == "h" and (target / "dir/b.txt").read_text() == "b"


def test_command_alone(server, machine, offer, tmp_path):
    offer(command=f"echo ran > {tmp_path}/mark")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    assert (tmp_path / "mark").exists()


def test_failing_command(server, machine, offer):
    offer(files={"x": "y"}, command="exit 3")
    assert machine.once() == 0
    assert server.result(ID) == "EXIT_CODE_3"
    assert not (machine.state / "history").exists(), "a failure may be affected again without FORCE"


def test_time_limit_reaches_the_order(server, machine, offer):
    server.config(download={"ON": "1", "EXECUTION_TIMEOUT": "1", "TIMEOUT": "30", "FRAG_LATENCY": "0"})
    offer(command="sleep 1")
    with machine.start():
        order = machine.state / "packages" / ID / "order.json"
        wait_for(order.exists, what="the order for ocs-run, which ends a command and all it started at the limit")
        assert json.loads(order.read_text())["timeout"] == 60


@pytest.mark.parametrize("algorithm", ["MD5", "SHA1", "SHA256", "SHA512"])
@pytest.mark.parametrize("encoding", ["Hexa", "Base64"])
def test_digests(server, machine, offer, algorithm, encoding):
    offer(files={"x": "y"}, command="true", digest=algorithm, encode=encoding)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_console_does_not_escape(server, machine, offer, tmp_path):
    offer(files={"x": "1 < 2"}, command=f"test -e x && cp x {tmp_path}/copy && grep -q '1 < 2' x")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_packages_come_with_stop(server, machine, offer):
    server.config(response="STOP")
    offer(command="true")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_history_is_echoed(server, machine, offer):
    offer(command="true")
    assert machine.once() == 0
    server.config(response="SEND")
    assert machine.once() == 0
    inventory = [entry["xml"] for entry in server.log(query="INVENTORY")][-1]
    assert f'<PACKAGE ID="{ID}"' in inventory.replace("'", '"')


def test_already_in_history(server, machine, offer):
    offer(command="true")
    assert machine.once() == 0
    # The server forgets its copy of the history (its administrator affects the package again); the machine does not.
    server.redeploy(ID, force=False)
    assert machine.once() == 0
    assert [report["err"] for report in results(server)] in (["SUCCESS"], ["SUCCESS", "SUCCESS_ALREADY_SETUP"])


def test_force_runs_again(server, machine, offer, tmp_path):
    offer(command=f"echo x >> {tmp_path}/runs", offered={"force": True})
    assert machine.once() == 0
    server.redeploy(ID, force=True)
    assert machine.once() == 0
    assert (tmp_path / "runs").read_text() == "x\nx\n"
    assert [report["err"] for report in results(server)] == ["SUCCESS", "SUCCESS"]


def test_not_due_yet(server, machine, offer, tmp_path):
    offer(command=f"touch {tmp_path}/mark", offered={"schedule": "2099/01/01 08:00"})
    with machine.start():
        wait_for(lambda: (machine.package(ID) or {}).get("step") == "scheduled", what="the schedule")
        assert not (tmp_path / "mark").exists()


def test_withdrawn(server, machine, offer, tmp_path):
    offer(command=f"touch {tmp_path}/mark", offered={"schedule": "2099/01/01 08:00"})
    with machine.start():
        wait_for(lambda: machine.package(ID), what="the offer")
        server.drop_package(ID)
        machine.call("Contact")
        machine.wait_result(ID)
        assert machine.package(ID).get("result") is None
    assert not results(server)


# What may not be taken: shown with what to do, never reported as a final error.

def held(server, machine, code, *words):
    reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a reason")
    assert reason["code"] == code, reason
    for word in words:
        assert word in reason["message"], reason
    assert not results(server) and server.result(ID) in (None, "", "NOTIFIED")


def test_no_ca_no_package(server, machine, offer, tmp_path):
    machine.ini(HTTP={"Server": server.url})
    offer(command=f"touch {tmp_path}/mark")
    with machine.start():
        held(server, machine, "untrusted", "CaBundle")
        assert machine.wait_state("problem")["reason"]["code"] == "untrusted"
    assert not (tmp_path / "mark").exists()


def test_info_on_another_host(server, machine, offer):
    offer(command="true", offered={"info_loc": "elsewhere.example/download"})
    with machine.start():
        held(server, machine, "untrusted", "TrustedInfoHosts", "elsewhere.example")


def test_info_with_a_wrong_certificate(server, machine, offer, tmp_path):
    subprocess.run(["sh", os.environ["OCS_MAKE_CA"], str(tmp_path / "other")], check=True)
    machine.ini(HTTP={"Server": server.url, "CaBundle": tmp_path / "other/ca.pem"})
    offer(command="true")
    with machine.start():
        held(server, machine, "tls")


def test_unchecked_certificates(server, machine, offer):
    machine.ini(HTTP={"Server": server.tls_url, "SSL": 0})
    offer(command="true")
    with machine.start():
        held(server, machine, "untrusted", "SSL=1")


def test_command_after_the_result(server, machine, offer, tmp_path):
    offer(command="true", offered={"postcmd": f"echo after >> {tmp_path}/after"})
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": server.ca})
    assert machine.once() == 0, machine.said()
    assert server.result(ID) == "SUCCESS"
    assert (tmp_path / "after").read_text() == "after\n"
    assert machine.once() == 0
    assert (tmp_path / "after").read_text() == "after\n"


def test_killed_while_the_command_after_runs(server, machine, offer, tmp_path):
    offer(command="true", offered={"postcmd": f"echo after >> {tmp_path}/after; sleep 1"})
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": server.ca})
    machine.start()
    wait_for((tmp_path / "after").exists, what="the command after")
    machine.stop(signal.SIGKILL)
    with machine.start():
        machine.wait_result(ID)
    assert (tmp_path / "after").read_text() == "after\n"
    assert [report["err"] for report in results(server)] == ["SUCCESS"]


def test_command_after_a_failure_is_not_run(server, machine, offer, tmp_path):
    offer(command="false", offered={"postcmd": f"echo after >> {tmp_path}/after"})
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": server.ca})
    assert machine.once() == 0
    assert server.result(ID) == "EXIT_CODE_1" and not (tmp_path / "after").exists()


def test_command_from_a_server_that_anybody_could_be(server, machine, offer):
    offer(command="true", offered={"postcmd": "echo anything"})
    with machine.start():
        held(server, machine, "untrusted", "POSTCMD")


@pytest.mark.skipif(os.path.isdir("/run/systemd/users") and bool(os.listdir("/run/systemd/users")), reason="somebody is logged in here")
@pytest.mark.parametrize("postcmd, words", [("REBOOT", ("reboot", "-r")), ("SHUTDOWN", ("poweroff", "-h", "-P"))])
def test_restart_after_the_result(server, machine, offer, postcmd, words):
    offer(command="true", offered={"postcmd": postcmd})
    assert machine.once() == 0, machine.said()
    assert server.result(ID) == "SUCCESS", "the result is told first"
    called = machine.power.read_text()
    assert called.count("\n") == 1 and any(word in called for word in words)
    assert machine.once() == 0
    assert machine.power.read_text() == called, "never a loop"


# Wrong and missing bytes.

def test_wrong_at_the_origin(server, machine, offer, tmp_path):
    offer(files={"x": os.urandom(5000)}, command=f"touch {tmp_path}/mark", wrong_digest=True, frags=2)
    assert machine.once() == 0
    assert server.result(ID) == "ERR_BAD_DIGEST"
    assert not (tmp_path / "mark").exists()
    fetched = [entry for entry in server.log(f"/download/{ID}/{ID}-*")]
    assert len(fetched) == 4, "each fragment once, and once past the cache"
    past = [{name.lower(): value for name, value in entry["headers"].items()}.get("cache-control", "") for entry in fetched]
    assert ["no-cache" in value for value in past] == [False, False, True, True]


def test_wrong_once(server, machine, offer):
    server.rule(f"/download/{ID}/{ID}-2", corrupt_at=10, corrupt_length=16, times=1)
    offer(files={"x": os.urandom(5000)}, command="true", frags=3)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_missing_fragment_is_waited_for(server, machine, offer):
    server.rule(f"/download/{ID}/{ID}-2", status=404)
    offer(files={"x": os.urandom(5000)}, command="true", frags=3)
    with machine.start():
        held(server, machine, "not-found", "fragment 2 of 3")
        wait_for(lambda: machine.package(ID)["fragments_done"] == 2, what="the other fragments, which do not wait for it")
        assert machine.package(ID)["fragment_map"] == "w.w"
        time.sleep(0.5)
        assert len(server.log(f"/download/{ID}/{ID}-2")) <= 2, "it is not hammered"


def test_truncated_fragment_goes_on_where_it_stopped(server, machine, offer):
    server.rule(f"/download/{ID}/{ID}-1", truncate_after=300_000, times=1)
    offer(files={"x": os.urandom(900_000)}, command="true", frags=1)
    assert machine.once() == 0
    assert server.result(ID) is not None and server.result(ID) != "SUCCESS"
    state = machine.state / "packages" / ID / "state.json"
    journal = json.loads(state.read_text())
    journal["retry_at"] = 0
    state.write_text(json.dumps(journal))
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    last = server.log(f"/download/{ID}/{ID}-1")[-1]
    headers = {name.lower(): value for name, value in last["headers"].items()}
    assert headers["range"].startswith("bytes=") and "if-range" in headers
    assert last["status"] == 206


@pytest.mark.parametrize("change", [{"FRAGS": "many"}, {"FRAGS": "-1"}, {"ACT": "DESTROY"}, {"PRI": ""}, {"DIGEST_ALGO": "CRC32"}])
def test_odd_info(server, machine, offer, change):
    offer(files={"x": "y"}, command="true", **change)
    with machine.start():
        held(server, machine, "invalid-data", next(iter(change)))


def test_archive_that_escapes(server, machine, offer, tmp_path):
    offer(archive=make_archive({"../../../../../../tmp/ocs-escaped": "x"}), command="true")
    assert machine.once() == 0
    assert server.result(ID) == "ERR_UNZIP"
    assert not os.path.exists("/tmp/ocs-escaped")


# Kills in the middle.

def test_killed_while_fetching(server, machine, offer):
    server.rule(f"/download/{ID}/{ID}-*", rate=2_000_000)
    offer(files={"x": os.urandom(2_000_000)}, command="true", frags=4)
    machine.start()
    wait_for(lambda: len(list((machine.state / "packages" / ID).glob(f"{ID}-[0-9]"))) >= 1, what="a whole fragment")
    machine.stop(signal.SIGKILL)
    server.clear_rules()
    whole = [path.name for path in (machine.state / "packages" / ID).glob(f"{ID}-[0-9]")]
    before = {name: len(server.log(f"/download/{ID}/{name}")) for name in whole}
    with machine.start():
        machine.wait_result(ID)
    assert server.result(ID) == "SUCCESS"
    assert whole and before == {name: len(server.log(f"/download/{ID}/{name}")) for name in whole}, "what was whole is not fetched again"


def test_fragments_that_cross_the_line_are_paced(server, machine, offer):
    server.config(download={"ON": "1", "FRAG_LATENCY": "1", "CYCLE_LATENCY": "0", "TIMEOUT": "30", "EXECUTION_TIMEOUT": "120"})
    offer(files={"x": os.urandom(3000)}, command="true", frags=3)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS", "--once waits for the line, not for people"
    times = [entry["time"] for entry in server.log(f"/download/{ID}/{ID}-*")]
    assert all(later - earlier >= 0.9 for earlier, later in zip(times, times[1:]))


def test_killed_while_running(server, machine, offer, tmp_path):
    offer(command=f"echo x >> {tmp_path}/runs; sleep 1")
    machine.start()
    wait_for(lambda: (tmp_path / "runs").exists(), what="the run")
    machine.stop(signal.SIGKILL)
    with machine.start():
        machine.wait_result(ID)
    assert (tmp_path / "runs").read_text() == "x\n"
    assert [report["err"] for report in results(server)] == ["SUCCESS"]


def test_killed_with_the_run(server, machine, offer, tmp_path):
    offer(command=f"echo x >> {tmp_path}/runs; sleep 20")
    machine.start()
    wait_for(lambda: (tmp_path / "runs").exists(), what="the run")
    runner = json.loads((machine.state / "packages" / ID / "started.json").read_text())["pid"]
    machine.stop(signal.SIGKILL)
    os.kill(runner, signal.SIGKILL)
    with machine.start():
        machine.wait_result(ID)
    assert (tmp_path / "runs").read_text() == "x\n", "it does not run twice"
    assert [report["err"] for report in results(server)] == ["ERR_EXECUTE_INTERRUPTED"]


def test_result_is_repeated_until_it_is_taken(server, machine, offer, tmp_path):
    offer(command=f"echo x >> {tmp_path}/runs")
    server.rule("/ocsinventory", status=503, skip=1, times=1)
    assert machine.once() == 0
    journal = machine.state / "packages" / ID / "state.json"
    assert json.loads(journal.read_text())["step"] == "finished", "the answer to the report was no 200"
    assert machine.once() == 0, "the next contact brings the same result"
    assert [report["err"] for report in results(server)] == ["SUCCESS", "SUCCESS"]
    assert json.loads(journal.read_text())["step"] == "gone"
    assert (tmp_path / "runs").read_text() == "x\n"


def test_crash_sweep(server, machine, offer, tmp_path):
    """kill -9 at moments spread over the whole life of a package: one run, one result."""
    for attempt in range(12):
        number = str(1700000100 + attempt)
        offer(number, files={"x": os.urandom(200_000)}, command=f"echo x >> {tmp_path}/runs-{number}", frags=4)
        machine.start()
        machine.call("Contact")
        time.sleep(0.004 * attempt)
        machine.stop(signal.SIGKILL)
        with machine.start():
            machine.call("Contact")
            wait_for(lambda: server.result(number) not in (None, "", "NOTIFIED"), what=f"a result of {number}")
            machine.wait_result(number)
        assert (tmp_path / f"runs-{number}").read_text() == "x\n"
    assert {report["err"] for report in results(server)} == {"SUCCESS"}


def test_a_package_that_waits_holds_back_no_other(server, machine, offer, tmp_path):
    server.rule("/download/1700000001/1700000001-1", status=404)
    offer("1700000001", files={"x": "y"}, command="true", priority=0)
    offer("1700000002", command=f"touch {tmp_path}/mark", priority=9)
    with machine.start():
        machine.wait_result("1700000002")
    assert server.result("1700000002") == "SUCCESS"
