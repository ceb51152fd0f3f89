#!/usr/bin/env bash
# The Debian package is installed in a root of its own, serves a form's API from there under its own user, is upgraded by itself, removed and purged; what people entered stays.
set -euo pipefail
root=$1
build=$root/build/optimised
skip() { echo "SKIPPED: $*"; exit 77; }
[ -x "$build/formwright" ] || skip "build/optimised has not been built (./dev package)"
[ "$(id -u)" = 0 ] || skip "a root of its own needs root"
command -v mmdebstrap >/dev/null || skip "mmdebstrap is not here"
work=$(mktemp -d); server= debian=$work/debian
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

cpack --config "$build/CPackConfig.cmake" -B "$work" >"$work/cpack.log" 2>&1 || { cat "$work/cpack.log"; exit 1; }
package=$(ls "$work"/formwright_*.deb)
case $(dpkg-deb --field "$package" Depends) in *libcurl*libmicrohttpd* | *libmicrohttpd*libcurl*) ;; *)  echo "the libraries are not in Depends"; exit 1 ;; esac

mmdebstrap --quiet --mode=root --variant=apt --include=ca-certificates bookworm "$debian" >"$work/strap.log" 2>&1 || { tail -3 "$work/strap.log"; skip "Debian's packages cannot be had"; }
inside() { chroot "$debian" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
cp "$package" "$debian/formwright.deb"
inside apt-get update -q >"$work/apt.log" 2>&1 || { tail -3 "$work/apt.log"; skip "Debian's packages cannot be had"; }
inside apt-get install -q -y --no-install-recommends /formwright.deb >>"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; exit 1; }
inside formwright version >"$work/version" || { echo "the installed program does not run"; exit 1; }
[ "$(inside stat -c '%U %a' /var/lib/formwright)" = "formwright 700" ] || { echo "/var/lib/formwright is not formwright's own"; exit 1; }
inside formwright check /usr/share/doc/formwright/examples/invoice.form >/dev/null

as_formwright() { inside setpriv --reuid=formwright --regid=formwright --clear-groups "$@"; }
serve=(setpriv --reuid=formwright --regid=formwright --clear-groups formwright serve --config /etc/formwright/formwright.toml)
as_formwright formwright tenant create acme --data /var/lib/formwright >/dev/null
chroot "$debian" /usr/bin/env -i PATH=/usr/bin "${serve[@]}" --http.listen 127.0.0.1:0 --http.admin_listen none >"$work/out" 2>"$work/err" & server=$!
for _ in $(seq 200); do grep -q '^listening' "$work/out" && break; sleep 0.05; done
url=$(sed -n 's/^listening on //p' "$work/out")
curl -sf "$url/readyz" >/dev/null || { echo "the installed server is not ready"; cat "$work/err"; exit 1; }
kill "$server"; wait "$server" || { echo "the server did not end well"; exit 1; }
server=

echo '# changed by hand' >>"$debian/etc/formwright/formwright.toml"
inside apt-get install -q -y --reinstall /formwright.deb >>"$work/apt.log" 2>&1
grep -q 'changed by hand' "$debian/etc/formwright/formwright.toml" || { echo "an upgrade wrote over the settings"; exit 1; }
inside dpkg --remove formwright >>"$work/apt.log" 2>&1
[ ! -e "$debian/usr/bin/formwright" ] || { echo "removing left the program"; exit 1; }
[ -e "$debian/etc/formwright/formwright.toml" ] || { echo "removing took the settings"; exit 1; }
inside dpkg --purge formwright >>"$work/apt.log" 2>&1
[ ! -e "$debian/etc/formwright" ] || { echo "purging left the settings"; exit 1; }
[ -e "$debian/var/lib/formwright/system.db" ] || { echo "purging took people's answers"; exit 1; }
[ -z "$(inside dpkg -l formwright 2>/dev/null | grep '^ii')" ] || { echo "it is still installed"; exit 1; }
