"""Written by `make migration`: the commands of every kind of record, made from its description."""
