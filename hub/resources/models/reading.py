"""What the list of resources is read from: one narrow row per listed resource, counts of the whole list,
and who links to what."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from consultations.models import Comment
from hub.resources.models.resources import Resource


class ListEntry(models.Model):
    """The place of a listed resource in the list, and what the list can be narrowed by.

    Only listed resources have one, so nothing else can be found through it. `listing.place` keeps it in step.
    """

    resource = models.OneToOneField(Resource, models.CASCADE, primary_key=True, related_name="entry")
    # The order of the list in one number; see `order.position_of`.
    position = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    languages = ArrayField(models.CharField(max_length=3))
    objectives = ArrayField(models.SmallIntegerField())
    regions = ArrayField(models.CharField(max_length=50))

    class Meta:
        indexes = [
            models.Index(fields=["kind", "position"], name="entries_by_kind"),
            models.Index(fields=["scope", "position"], name="entries_by_scope"),
            models.Index(fields=["year", "position"], name="entries_by_year"),
            GinIndex(fields=["objectives", "regions", "languages"], name="entries_by_lists", fastupdate=False),
        ]

    def __str__(self):
        return str(self.resource_id)


class FacetCount(models.Model):
    """How many listed resources have one value of a facet, kept in the transaction of each listing."""

    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=50)
    resource_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facet", "value"], name="one_count_per_value")]

    def __str__(self):
        return f"{self.facet} {self.value}: {self.resource_count}"


class Link(models.Model):
    """A contribution to a discussion links to an address, which may be that of a resource; see `links.py`."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    key = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "comment"], name="one_link_per_contribution")]

    def __str__(self):
        return f"{self.comment_id} → {self.key}"
