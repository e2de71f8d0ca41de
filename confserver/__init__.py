"""Control plane: configuration, storage, meetings, live rooms, REST API, pages, command line."""

__version__ = "0.1.0"
