"""Who passes the guards: one kind of person, and a 404 for the other."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from accounts.enums import UserKind
from accounts.guards import advisor_required, merchant_required
from accounts.models import User


@pytest.mark.parametrize(
    ("guard", "kind"), [(merchant_required, UserKind.MERCHANT), (advisor_required, UserKind.ADVISOR)]
)
@pytest.mark.parametrize("visitor", [UserKind.MERCHANT, UserKind.ADVISOR, None])
def test_a_guard_lets_its_kind_in_and_shows_nothing_to_the_other(guard, kind, visitor):
    request = RequestFactory().get("/")
    request.user = User(kind=visitor) if visitor else AnonymousUser()
    view = guard(lambda request: HttpResponse("inside"))
    if visitor == kind:
        assert view(request).content == b"inside"
    else:
        with pytest.raises(Http404):
            view(request)
