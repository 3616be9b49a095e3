"""Sockets: one hub in each process reads Postgres once for each ring, and fans out to all sockets of a user."""
