"""What may be asked of the API's list of documents."""

from targets_site.api.asked import Asked, Known
from targets_site.places.models import Area


class DocumentAsked(Asked):
    LOOKUPS = {"area": "area"}

    area = Known(Area.objects.all())
