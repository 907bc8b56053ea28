"""The conflict as data: reading, checking, resolving and sampling scenario files."""
