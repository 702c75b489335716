# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab.sh: Debian's OCS communication server behind Apache (mod_perl) with a MariaDB of its own.
# Traps of the packaging that are met here: the schema lies in ocsinventory-reports and must stop at 7044 (7045 drops a column that
# this server needs); the shipped Apache file has unexpanded SOAP placeholders; mariadb-server-core makes no user mysql.

schema_dir=/usr/share/ocsinventory-reports/files
schema_last=7044
shipped_conf=/etc/apache2/conf-available/ocsinventory-server.conf

start_real() {
  need apache2 mariadbd mariadb mariadb-install-db
  [ -e "$shipped_conf" ] && [ -e "$schema_dir/ocsbase_new.sql" ] || die "ocsinventory-server and -reports are missing: run tests/lab/lab.sh install"
  dir=$lab/real
  mkdir -p "$dir/log" "$dir/download" "$dir/tmp"
  if ! alive "$dir/apache.pid" || ! alive "$dir/mariadb.pid"; then
    stop_pid_file "$dir/apache.pid"
    stop_pid_file "$dir/mariadb.pid"
    ports=$(free_ports 3)
    set -- $ports
    start_mariadb "$1"
    start_apache "$2" "$3" "$1"
    cat >"$lab/env.d/10-real" <<V
MYSQL_SOCKET=$dir/mariadb.sock
OCS_PORT=$2
OCS_TLS_PORT=$3
OCS_URL=http://127.0.0.1:$2/ocsinventory
OCS_TLS_URL=https://127.0.0.1:$3/ocsinventory
OCS_DOWNLOAD_URL=http://127.0.0.1:$2/download
OCS_DOWNLOAD_DIR=$dir/download
OCS_ACCESS_LOG=$dir/access.log
V
  fi
}

start_mariadb() {
  chmod 1777 "$dir/tmp"
  fresh=
  if [ ! -e "$dir/db/mysql" ]; then
    fresh=1
    mariadb-install-db --no-defaults --user=root --datadir="$dir/db" --auth-root-authentication-method=normal --skip-test-db \
      --skip-name-resolve >"$dir/mariadb-install.log" 2>&1 || die "mariadb-install-db failed, see $dir/mariadb-install.log"
  fi
  # Durability is of no use to a lab that is thrown away.
  detach "$dir/mariadb.pid" "$dir/mariadb.log" mariadbd --no-defaults --user=root --datadir="$dir/db" --socket="$dir/mariadb.sock" \
    --bind-address=127.0.0.1 --port="$1" --tmpdir="$dir/tmp" --skip-name-resolve --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
    --sync-binlog=0 --innodb-buffer-pool-size=128M --innodb-flush-method=nosync --pid-file="$dir/mariadbd-own"
  wait_port "$1" 30
  [ -z "$fresh" ] || load_schema
}

# Some statements of the update files fail harmlessly, as they do in the console's own update page: hence --force.
load_schema() {
  {
    echo "SET sql_mode=''; CREATE DATABASE ocsweb DEFAULT CHARACTER SET utf8; USE ocsweb;"
    cat "$schema_dir/ocsbase_new.sql"
    number=7040
    while [ $number -le $schema_last ]; do
      echo
      cat "$schema_dir/update/$number.sql"
      echo ';'
      number=$((number + 1))
    done
    cat <<'S'

CREATE USER 'ocs'@'127.0.0.1' IDENTIFIED BY 'ocs';
GRANT ALL ON ocsweb.* TO 'ocs'@'127.0.0.1';
UPDATE config SET IVALUE=1 WHERE NAME='DOWNLOAD';
UPDATE config SET IVALUE=1 WHERE NAME='LOGLEVEL';
UPDATE config SET IVALUE=0 WHERE NAME IN ('DOWNLOAD_FRAG_LATENCY','DOWNLOAD_CYCLE_LATENCY');
S
  } | mariadb --no-defaults -S "$dir/mariadb.sock" -u root --force >"$dir/schema.log" 2>&1 || true
  count=$(mariadb --no-defaults -S "$dir/mariadb.sock" -u root -N -e "SELECT COUNT(*) FROM ocsweb.config WHERE NAME='DOWNLOAD' AND IVALUE=1" 2>&1)
  [ "$count" = 1 ] || die "the OCS schema did not load, see $dir/schema.log"
}

apache_modules='mpm_prefork authn_core authz_core authz_host alias mime env setenvif ssl socache_shmcb reqtimeout perl'

start_apache() {
  printf 'text/plain txt\napplication/octet-stream bin\n' >"$dir/mime.types"
  apache_conf "$@" >"$dir/apache.conf"
  ocs_conf "$3" >"$dir/ocs.conf"
  chown -R www-data:www-data "$dir/log"
  apache2 -f "$dir/apache.conf" -k start >>"$dir/apache.log" 2>&1 || die "apache did not start, see $dir/apache.log and $dir/error.log"
  wait_port "$1" 20
  # The port opens before the file stands, and stop goes by the file.
  tries=100
  while [ ! -s "$dir/apache.pid" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "apache wrote no $dir/apache.pid"
    sleep 0.1
  done
}

# Few spare processes: each holds a Perl of 60 MB.
apache_conf() {
  for module in $apache_modules; do
    echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
  done
  cat <<C
ServerRoot $dir
ServerName localhost
DocumentRoot $dir/download
PidFile $dir/apache.pid
DefaultRuntimeDir $dir/tmp
Mutex file:$dir/tmp default
User www-data
Group www-data
ErrorLog $dir/error.log
LogFormat "%t\t%h\t%m\t%U%q\t%>s\t%O\t%D\t%{User-Agent}i\t%{Range}i" lab
CustomLog $dir/access.log lab
TypesConfig $dir/mime.types
StartServers 2
MinSpareServers 1
MaxSpareServers 4
MaxRequestWorkers 24
KeepAlive On
Timeout 60
Listen 127.0.0.1:$1
Listen 127.0.0.1:$2 https
SSLSessionCache shmcb:$dir/tmp/ssl(64000)
<Directory />
  Require all denied
</Directory>
<Directory $dir/download>
  Require all granted
</Directory>
Alias /download $dir/download
Include $dir/ocs.conf
<VirtualHost 127.0.0.1:$2>
  SSLEngine on
  SSLCertificateFile $lab/tls/server.pem
  SSLCertificateKeyFile $lab/tls/server.key
</VirtualHost>
C
}

# Debian's file with its own database, log folder and without the SOAP part (its placeholders were never filled in).
ocs_conf() {
  sed -e '/PerlModule Apache::Ocsinventory::SOAP/,/<\/[Ll]ocation>/d' \
    -e "s|\(PerlSetEnv OCS_DB_HOST\).*|\1 127.0.0.1|" \
    -e "s|\(PerlSetEnv OCS_DB_PORT\).*|\1 $1|" \
    -e "s|\(PerlSetEnv OCS_OPT_LOGPATH\).*|\1 \"$dir/log/\"|" \
    -e "s|\(PerlSetEnv OCS_OPT_DEPLOY\).*|\1 1|" -e "s|\(PerlSetEnv OCS_OPT_LOGLEVEL\).*|\1 1|" "$shipped_conf"
}
