"""One module a command: what is typed becomes a verb of a service, and its answer is written."""
