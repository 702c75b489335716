# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long life and bad company do to a worker: clocks, disks and networks that come and go, and people who ask for more than they need."""
import time

from machine import INTERFACE, Varlink


def test_identity_that_cannot_be_read(server, machine):
    """A disk that errs once must not make a second machine of this one."""
    assert machine.once() == 0, machine.said()
    identity, kept = machine.state / "identity.json", machine.state / "kept"
    identity.rename(kept)
    identity.symlink_to("identity.json")
    assert machine.once() == 1
    assert str(identity) in machine.said() and "mend the disk" in machine.said()
    assert identity.is_symlink(), "nothing is put in its place"
    kept.rename(identity)
    assert machine.once() == 0
    assert len(server.devices()) == 1


def test_contacts_are_no_storm(server, machine):
    """Any person may ask for a contact, and a program of his as often as it likes: the server is spared, and nobody is refused."""
    server.config(response="STOP", inventory_on_startup=0)
    with machine.start():
        machine.wait_state("well")
        server.clear_log()
        began = time.monotonic()
        with Varlink(machine.runtime / "worker.sock") as link:
            for _ in range(150):
                link.call(f"{INTERFACE}.Contact")
                time.sleep(0.02)
        allowed = 20 + (time.monotonic() - began) / 15 + 1
        assert 5 < len(server.log(query="PROLOG")) <= allowed
        assert "too often" in machine.said()
