from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_stakeholder_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "key",
                    models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name="what and whose"),
                ),
                ("used", models.PositiveBigIntegerField(verbose_name="how often")),
                ("allowed", models.PositiveBigIntegerField(verbose_name="allowed")),
                ("until", models.DateTimeField(db_index=True, verbose_name="begins anew at")),
            ],
            options={
                "verbose_name": "use of a limit",
                "verbose_name_plural": "uses of limits",
            },
        ),
    ]
