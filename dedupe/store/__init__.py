"""One SQLite file: its schema (schema.sql), and all that writes and reads it.

Functions take an open connection; those that write expect the caller's transaction. Numbers name documents
inside the file, ids outside of it.
"""
