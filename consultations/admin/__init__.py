"""The administration of consultations, for organizers."""

from consultations.admin import comments, consultations, people, spaces, terms

__all__ = ["comments", "consultations", "people", "spaces", "terms"]
