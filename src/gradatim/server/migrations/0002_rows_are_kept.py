"""The triggers that refuse every change of what was written down."""

from typing import ClassVar

from django.db import migrations

from gradatim.server import triggers


class Migration(migrations.Migration):
    """Made by hand."""

    dependencies: ClassVar = [("gradatim", "0001_begin")]
    operations: ClassVar = [migrations.RunPython(triggers.make, migrations.RunPython.noop)]
