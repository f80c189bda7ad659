#!/bin/sh
# The browser tests drive Debian's chromium; its Chinese text needs a CJK font.
set -eu
need=""
command -v chromium >/dev/null 2>&1 || need="chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || need="$need fonts-wqy-microhei"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Debian packages for the browser tests: $need"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
else
    echo "make test needs these Debian packages: $need" >&2
    echo "install them with: sudo apt-get install $need" >&2
    exit 1
fi
