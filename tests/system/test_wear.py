# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long life and bad company do to a worker: clocks, disks and networks that come and go, and people who ask for more than they need."""


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
