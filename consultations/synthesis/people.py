"""The invented people of synthetic discussions, the same for all of them."""

import random

from accounts.models import StakeholderGroup, User
from consultations.models import Comment

# fmt: off
FIRST_NAMES = [
    "Abeni", "Alma", "Arash", "Bintou", "Carmo", "Dilnoza", "Efraín", "Fadwa", "Goran", "Hanan", "Ilir", "Jacinta",
    "Kofi", "Lourdes", "Manu", "Nasrin", "Olumide", "Perla", "Quynh", "Rosine", "Samba", "Tigist", "Ulrike", "Vusi",
    "Waleed", "Ximena", "Yusra", "Zeynep",
]
LAST_NAMES = [
    "Abara", "Bekele", "Castellanos", "Dembélé", "Echeverri", "Farouk", "Gurung", "Hosseini", "Idowu", "Juárez",
    "Karimova", "Lindqvist", "Mbaye", "Naidoo", "Okonjo", "Petrosyan", "Quispe", "Rahimi", "Santacruz", "Tshabalala",
    "Umarov", "Valdivieso", "Wanjiru", "Yilmaz", "Zongo",
]
COUNTRIES = [
    "AR", "BD", "BF", "BR", "CL", "CM", "CO", "EC", "EG", "ES", "ET", "FR", "GH", "GT", "HN", "ID", "IN", "JO", "KE",
    "LK", "MA", "ML", "MX", "NG", "NP", "PE", "PH", "PK", "PT", "SN", "TN", "ZA",
]
# fmt: on
ORGANIZATIONS = (
    "Harbour Workers’ Circle",
    "Maison des voyageurs",
    "Red de acogida del valle",
    "Institute for Mobility Studies",
    "Office of the mayor",
    "Coopérative des deux rives",
    "Mesa de personas cuidadoras",
    "Crossroads Legal Clinic",
)


def ensure_people(number: int) -> list[User]:
    """The first `number` invented people, the same for all synthetic discussions."""
    groups = list(StakeholderGroup.objects.all())
    emails = [f"synthetic-{each:04}@example.org" for each in range(number)]
    known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    fresh = []
    for email in emails:
        if email in known:
            continue
        chance = random.Random(email)  # noqa: S311
        language = chance.choices(["en", "fr", "es"], [55, 24, 21])[0]
        person = User(
            email=email,
            name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
            organization=chance.choice(ORGANIZATIONS) if chance.random() < 0.7 else "",
            country=chance.choice(COUNTRIES),
            group=chance.choice(groups),
            language=language,
            shows_profile=chance.random() < 0.9,
        )
        person.set_unusable_password()
        fresh.append(person)
    User.objects.bulk_create(fresh, batch_size=1000)
    return list(User.objects.filter(email__in=emails).select_related("group").order_by("email"))


def capacity_of(person: User) -> str:
    if person.group.slug == "member-states":
        return Comment.Capacity.STATE
    return Comment.Capacity.ORGANIZATION if person.organization else Comment.Capacity.PERSON
