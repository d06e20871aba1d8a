"""The kinds of records there are: each a description, and nothing else; `make migration`."""
