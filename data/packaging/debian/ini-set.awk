# SPDX-License-Identifier: GPL-3.0-or-later
# Sets KEY in SECTION to VALUE (all from the environment) in an ini file, and leaves every other line as it is. An empty VALUE makes no
# new key.
function add() { if (!done && inside && ENVIRON["VALUE"] != "") print ENVIRON["KEY"] "=" ENVIRON["VALUE"] end; if (inside) done = 1 }
{ line = $0; sub(/\r$/, "", line); if (NR == 1) { end = $0 ~ /\r$/ ? "\r" : ""; sub(/^\357\273\277/, "", line) } }
line ~ /^[ \t]*\[/ { add(); inside = !done && tolower(line) ~ "^[ \t]*\\[" tolower(ENVIRON["SECTION"]) "\\]" }
inside && !done && line !~ /^[ \t]*[[;#]/ && (at = index(line, "=")) {
  key = substr(line, 1, at - 1); gsub(/^[ \t]+|[ \t]+$/, "", key)
  if (tolower(key) == tolower(ENVIRON["KEY"])) {
    value = substr(line, at + 1); gsub(/^[ \t]+|[ \t]+$/, "", value)
    done = 1
    if (value != ENVIRON["VALUE"]) { print ENVIRON["KEY"] "=" ENVIRON["VALUE"] end; next }
  }
}
{ print }
END {
  add()
  if (!done && ENVIRON["VALUE"] != "") { print "[" ENVIRON["SECTION"] "]" end; print ENVIRON["KEY"] "=" ENVIRON["VALUE"] end }
}
