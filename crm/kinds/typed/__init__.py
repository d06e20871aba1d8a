"""Written by `make migration`: the fields of each kind of record as a type checker knows them."""
