# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion of ocs-sign.

complete -c ocs-sign -f -a '(__fish_complete_directories)'
complete -c ocs-sign -s h -l help -d 'Show help'
complete -c ocs-sign -l version -d 'Print the version'
complete -c ocs-sign -l key -r -F -d 'Private key to sign with'
complete -c ocs-sign -l cert -r -F -d 'Its certificate'
complete -c ocs-sign -l postcmd -x -a 'REBOOT SHUTDOWN' -d 'What POSTCMD will be when the package is affected'
complete -c ocs-sign -l check -d 'Only check the signatures that are there'
complete -c ocs-sign -l print -d 'Only print what is signed'
complete -c ocs-sign -l new-key -d 'Make a key and its certificate'
complete -c ocs-sign -l name -x -d 'Name in the new certificate'
