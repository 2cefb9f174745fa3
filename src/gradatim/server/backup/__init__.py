"""Backups of the whole server: one sealed file, the same for every kind of database, that restores whole or not at all."""
