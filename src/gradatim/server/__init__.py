"""Records of several people on one machine: accounts, devices, the journal in a database, sync, and what keeps it running."""
