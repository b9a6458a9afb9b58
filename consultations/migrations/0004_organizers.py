"""The role of those who prepare consultations in the administration."""

from django.db import migrations

# The names are Django's own, so that it finds these permissions and makes no others.
WHOLE = ["add", "change", "delete", "view"]
MAY = {
    ("consultations", "discussionspace", "discussion space"): WHOLE,
    ("consultations", "consultation", "consultation"): WHOLE,
    ("consultations", "question", "question"): WHOLE,
    ("consultations", "moderator", "moderator"): WHOLE,
    ("consultations", "comment", "contribution"): ["view"],
    ("consultations", "terms", "terms of participation"): ["view"],
    ("accounts", "user", "person"): ["view"],
}


def add(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    organizers, _is_new = apps.get_model("auth", "Group").objects.get_or_create(name="Organizers")
    for (app, model, name), verbs in MAY.items():
        # Django itself makes types and permissions only after all migrations have run.
        content_type, _is_new = ContentType.objects.get_or_create(app_label=app, model=model)
        for verb in verbs:
            permission, _is_new = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{verb}_{model}", defaults={"name": f"Can {verb} {name}"}
            )
            organizers.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0003_first_terms"),
        ("accounts", "0002_stakeholder_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
