"""Domains and documents as the API says them."""

from rest_framework import serializers

from plans.models import Document, Domain
from targets_site.api.fields import Text, Whole


class DomainSerializer(serializers.Serializer[Domain]):
    domain = Text("code")
    domain_zh = Text("name_zh")
    domain_en = Text("name_en")


class DocumentSerializer(serializers.Serializer[Document]):
    document = Text("slug")
    area_code = Text("area.code")
    title_zh = Text()
    title_en = Text()
    number = Text()
    issued_on = serializers.DateField(read_only=True, allow_null=True)
    issuer_zh = Text()
    issuer_en = Text()
    start_year = Whole(null=False)
    end_year = Whole(null=False)
    source_url = Text()
    scan_sha256 = Text()
