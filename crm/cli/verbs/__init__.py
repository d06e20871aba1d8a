"""A module for each command of its name: what is typed becomes a verb of a service."""
