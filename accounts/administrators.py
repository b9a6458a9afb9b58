"""Those who can manage the portal: it is never left without one."""

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LOCK = 7_431_002
# All three are needed to log in to the administration and to give roles there.
ROLES = ("is_active", "is_staff", "is_superuser")


class LastAdministrator(Exception):
    """The portal must not be left without anybody who can administer it."""

    message = _(
        "You are the only administrator. Make somebody else an administrator first; then you can delete your account."
    )

    def __str__(self):
        return str(self.message)


def administrators() -> QuerySet[User]:
    return User.objects.filter(**dict.fromkeys(ROLES, True))


def is_last(user: User) -> bool:
    """Whether nobody else could manage the portal. Until the transaction ends, nobody else stops being able to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return list(administrators().values_list("pk", flat=True)[:2]) == [user.pk]
