"""Where the app lies, and where a link leads: into the app where it was built, to the plain page where it was not."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def folder() -> Traversable:
    """Where the build puts the app: beside the server that gives it, and so in the same package."""
    return files("gradatim.server").joinpath("app")


def is_built() -> bool:
    """Whether there is an app to open."""
    return folder().joinpath("index.html").is_file()


def front() -> str:
    """Where people come in. What stands behind a # in a link is read there, and never sent to a server."""
    return "/app/" if is_built() else "/"
