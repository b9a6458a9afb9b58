from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_reports_after_a_decision")]

    operations = [
        migrations.AlterModelOptions(
            name="appeal",
            options={
                "ordering": ["pk"],
                "verbose_name": "request for another look",
                "verbose_name_plural": "requests for another look",
            },
        ),
        migrations.AlterField(
            model_name="appeal",
            name="comment",
            field=models.ForeignKey(
                on_delete=models.deletion.CASCADE, related_name="appeals", to="consultations.comment"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="removal",
            field=models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=models.deletion.DO_NOTHING,
                related_name="appeal",
                to="moderation.act",
            ),
        ),
    ]
