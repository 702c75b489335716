# SPDX-License-Identifier: GPL-3.0-or-later
def pytest_configure(config):
    config.addinivalue_line("markers", "real: needs Debian's OCS server (tests/install.sh lab) and root")
