"""What every page knows of who reads it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from targets_site.accounts.models import Post


def roles(request: HttpRequest) -> dict[str, Any]:
    """`roles`: the names of the roles held today; asked for only by a page that shows them."""

    def held() -> frozenset[str]:
        if not request.user.is_authenticated:
            return frozenset()
        posts = Post.objects.of_user(request.user).today()
        return frozenset(posts.order_by().values_list("role", flat=True).distinct())

    return {"roles": SimpleLazyObject(held)}
