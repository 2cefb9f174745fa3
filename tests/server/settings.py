"""Django's settings for the tests: a folder that goes when they end, and no limit of requests unless a test asks for it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "GRADATIM_DATA" not in os.environ:
    os.environ["GRADATIM_DATA"] = tempfile.mkdtemp(prefix="gradatim-test-")
    atexit.register(shutil.rmtree, os.environ["GRADATIM_DATA"], ignore_errors=True)

from gradatim.server.django_settings import *  # noqa: F403
from gradatim.server.django_settings import DATABASES

RATE = 1000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "sqlite3" in DATABASES["default"]["ENGINE"]:  # a file, so that other processes can open it too
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["GRADATIM_DATA"]) / "test.sqlite3")}
