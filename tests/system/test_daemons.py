# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker and its couriers as processes: command lines, users, and how they begin and end."""
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from lab import wait_for


def couriers(machine):
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(machine.process.pid)], capture_output=True, text=True, check=True)
    return [int(pid) for pid in children.stdout.split()]


def test_only_one_worker_has_a_state_folder(server, machine):
    with machine.start():
        second = subprocess.run(machine.arguments("--once"), capture_output=True, text=True, timeout=20)
        assert second.returncode == 1
        assert "another worker" in second.stderr and second.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments, status", [(["--help"], 0), (["--version"], 0), (["--nonsense"], 2), (["stray"], 2)])
def test_command_line(arguments, status):
    done = subprocess.run([os.environ["OCS_WORKER"], *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == status
    assert bool(done.stderr) == (status != 0)


def test_print_inventory_needs_no_network(machine):
    done = subprocess.run(machine.arguments("--print-inventory"), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<REQUEST>')
    assert not machine.state.exists()


def test_courier_is_started_again(server, machine):
    with machine.start():
        machine.wait_state("well")
        for pid in couriers(machine):
            os.kill(pid, signal.SIGKILL)
        serial = machine.call("Contact")["serial"]
        assert machine.outcome(serial)["kind"] in ("sent", "contacted")


def test_root_never_speaks_to_the_network(server, machine):
    if os.geteuid() != 0:
        pytest.skip("only root has somebody else to be")
    with machine.start():
        machine.wait_state("well")
        for pid in couriers(machine):
            status = Path(f"/proc/{pid}/status").read_text()
            assert re.search(r"^Uid:\t[1-9]", status, re.M) and re.search(r"^Groups:\s*$", status, re.M)
            assert re.search(r"^NoNewPrivs:\t1", status, re.M) and re.search(r"^CapEff:\t0+$", status, re.M)


def test_unknown_courier_user(machine):
    if os.geteuid() != 0:
        pytest.skip("only root changes the user")
    done = subprocess.run(machine.arguments("--once", "--courier-user=no-such-user"), capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and "--courier-user" in done.stderr


def test_ends_on_sigterm_with_its_couriers(machine):
    machine.start()
    pids = couriers(machine)
    assert len(pids) == 2
    assert machine.stop() == 0
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), what="the end of the couriers")
