"""One file per command or command group; each holds a typer ``app`` and calls one function of the api."""
