# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab.sh: small proxies without a cache: tinyproxy (also with a login), microsocks with a login, dante (SOCKS 4, 4a and 5).
# The login is that of the Squids, without the letters that tinyproxy's configuration does not take.

plain_password=S3cret-pw

start_proxy() {
  kind=$1
  dir=$lab/$kind
  ! alive "$dir/$kind.pid" || return 0
  mkdir -p "$dir"
  port=$(free_ports 1)
  case $kind in
    tinyproxy | tinyproxy-basic)
      need tinyproxy
      tinyproxy_conf >"$dir/tinyproxy.conf"
      detach "$dir/$kind.pid" "$dir/$kind.log" tinyproxy -d -c "$dir/tinyproxy.conf"
      ;;
    socks5-login)
      need microsocks
      detach "$dir/$kind.pid" "$dir/$kind.log" microsocks -i 127.0.0.1 -p "$port" -u "$proxy_user" -P "$plain_password"
      ;;
    dante)
      need danted
      dante_conf >"$dir/danted.conf"
      detach "$dir/$kind.pid" "$dir/$kind.log" danted -f "$dir/danted.conf" -p "$dir/danted-own.pid"
      ;;
    *) die "no proxy of kind '$kind', see lab.sh" ;;
  esac
  wait_port "$port" 10
  upper=$(echo "$kind" | tr a-z- A-Z_)
  printf '%s_PORT=%s\nPLAIN_PASSWORD=%s\nPROXY_USER=%s\n' "$upper" "$port" "$plain_password" "$proxy_user" >"$lab/env.d/26-$kind"
}

tinyproxy_conf() {
  cat <<C
Port $port
Listen 127.0.0.1
Timeout 60
MaxClients 50
LogLevel Info
C
  [ "$kind" = tinyproxy ] || echo "BasicAuth $proxy_user $plain_password"
}

dante_conf() {
  cat <<C
logoutput: stderr
internal: 127.0.0.1 port = $port
external: 127.0.0.1
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: nobody
client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
socks pass {
  from: 0.0.0.0/0 to: 0.0.0.0/0
  protocol: tcp
  proxyprotocol: socks_v4 socks_v5
}
C
}
