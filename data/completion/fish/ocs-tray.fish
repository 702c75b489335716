# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion of ocs-tray.

complete -c ocs-tray -f
complete -c ocs-tray -s h -l help -d 'Show help'
complete -c ocs-tray -l version -d 'Print the version'
complete -c ocs-tray -l socket -r -F -d "The worker's socket"
complete -c ocs-tray -l background -d 'Start without opening the window'
