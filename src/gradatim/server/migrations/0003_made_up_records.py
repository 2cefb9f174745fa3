"""A record says whether it began with a made-up person."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by hand."""

    dependencies: ClassVar = [("gradatim", "0002_rows_are_kept")]
    operations: ClassVar = [migrations.AddField("record", "demo", models.BooleanField(default=False))]
