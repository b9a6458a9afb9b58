"""What editors may do in the administration, where those of them who are staff make calls and translate titles."""

from django.db import migrations

# The names are Django's own, so that it finds these permissions and makes no others.
MAY = {
    ("resource", "resource"): ["change", "view"],
    ("call", "call for submissions"): ["add", "change", "delete", "view"],
    ("region", "region"): ["change", "view"],
}


def add(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    editors, _is_new = apps.get_model("auth", "Group").objects.get_or_create(name="Editors")
    for (model, name), verbs in MAY.items():
        # Django itself makes types and permissions only after all migrations have run.
        content_type, _is_new = ContentType.objects.get_or_create(app_label="resources", model=model)
        for verb in verbs:
            permission, _is_new = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{verb}_{model}", defaults={"name": f"Can {verb} {name}"}
            )
            editors.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0005_links_so_far"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
