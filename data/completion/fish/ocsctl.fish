# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion of ocsctl.

function __ocsctl_packages
    ocsctl --timeout=2 packages 2>/dev/null | string match -r '^[0-9]+(?= )'
end

set -l commands answer status configure contact drop import inventory log packages proxy report tag watch

complete -c ocsctl -f
complete -c ocsctl -s h -l help -d 'Show help'
complete -c ocsctl -l version -d 'Print the version'
complete -c ocsctl -l json -d "Print the worker's JSON"
complete -c ocsctl -l socket -r -F -d "The worker's socket"
complete -c ocsctl -l timeout -x -d 'Give up after so many seconds'
complete -c ocsctl -l wait -n '__fish_seen_subcommand_from contact send' -d 'Wait until the contact is over'
complete -c ocsctl -s f -l follow -n '__fish_seen_subcommand_from log' -d 'Show new lines as they come'
complete -c ocsctl -l lines -x -n '__fish_seen_subcommand_from log' -d 'How many of the newest lines at first'
complete -c ocsctl -l check -n '__fish_seen_subcommand_from configure import' -d 'Say what would change, and change nothing'
complete -c ocsctl -l secret-fd -x -n '__fish_seen_subcommand_from configure' -d 'Read further KEY=VALUE lines from this descriptor'
complete -c ocsctl -l xml -n '__fish_seen_subcommand_from show' -d 'Print the inventory as the server gets it'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a status -d 'Show what the worker does and how all is'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a answer -d 'Answer a question of the worker'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a contact -d 'Contact the server now'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a configure -d 'Set keys of ocsinventory.ini, or show what is set'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a drop -d 'Drop a package that has not begun to run'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a import -d "Set what another agent's file sets"
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a inventory -d 'Send or show the inventory'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a log -d 'Show what the worker has said lately'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a packages -d 'List the packages, or show one'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a proxy -d 'Show the proxy and what its cache saved'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a report -d 'Write what a help desk asks for into one archive'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a tag -d 'Show the TAG of this machine, or say it'
complete -c ocsctl -n "not __fish_seen_subcommand_from $commands" -a watch -d 'Show each change until interrupted'
complete -c ocsctl -n '__fish_seen_subcommand_from inventory; and not __fish_seen_subcommand_from send show' -a send -d 'Send it'
complete -c ocsctl -n '__fish_seen_subcommand_from inventory; and not __fish_seen_subcommand_from send show' -a show -d 'Show it'
complete -c ocsctl -l yes -n '__fish_seen_subcommand_from answer' -d 'Cancel without asking again'
complete -c ocsctl -n '__fish_seen_subcommand_from answer; and not __fish_seen_subcommand_from now later cancel pause resume done' -a '(__ocsctl_packages) restart shutdown now later cancel pause resume done'
complete -c ocsctl -n '__fish_seen_subcommand_from packages drop' -a '(__ocsctl_packages)' -d Package
complete -c ocsctl -n '__fish_seen_subcommand_from configure' -a 'SERVER= SSL= CA= USER= PROXY_TYPE= PROXY= PROXY_PORT= PROXY_USER= TAG= NOW'
complete -c ocsctl -F -n '__fish_seen_subcommand_from import report'
complete -c ocsctl -n '__fish_seen_subcommand_from proxy; and not __fish_seen_subcommand_from test' -a test -d 'Test the way to the server'
