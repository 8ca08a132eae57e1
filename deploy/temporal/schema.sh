#!/bin/sh
# Creates Temporal's two databases, or brings them up to date. Run before the server, by docker-compose.yml.
set -eu
schema() {
    database=$1 folder=$2
    sql() { temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user siaga --db "$database" "$@"; }
    sql create
    sql setup-schema --version 0.0
    sql update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$folder/versioned"
}
schema temporal temporal
schema temporal_visibility visibility
