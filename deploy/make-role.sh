#!/bin/sh
# Run by the image of PostgreSQL when it makes its files: the role of the server owns its database, and is nothing more.
set -eu
address=$(cat "${DATABASE_FILE:-/run/secrets/database}")
password=${address#postgresql://gradatim:}
password=${password%@*}
psql --set=ON_ERROR_STOP=1 --quiet --username="$POSTGRES_USER" --set=password="$password" postgres <<'SQL'
CREATE ROLE gradatim LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE gradatim OWNER gradatim ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE gradatim FROM PUBLIC;
SQL
