from hub.resources import demo
from hub.resources.models import ListEntry, Resource


def test_the_demo_is_loaded_once(mailoutbox):
    made = demo.load()
    assert made["resources"] == Resource.objects.count() >= 8 and made["calls"] >= 1
    assert ListEntry.objects.count() == Resource.objects.listed().count() >= 8
    assert not demo.load() and not mailoutbox
