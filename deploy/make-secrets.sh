#!/bin/sh
# Draws the secrets that compose.yaml names, once. What is there stays.
#
# The folder is closed to others; the files in it can be read, for in the containers they are read by other users than the one here.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets

drawn() { od -An -N 32 -tx1 /dev/urandom | tr -d ' \n'; }

written() {
    if [ ! -s "secrets/$1" ]; then
        printf '%s\n' "$2" > "secrets/$1"
        chmod 444 "secrets/$1"
        echo "made secrets/$1"
    fi
}

written secret-key "$(drawn)"
written postgres-password "$(drawn)"
written database "postgresql://gradatim:$(drawn)@172.30.83.4/gradatim"
