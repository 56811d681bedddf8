"""What the pages of everybody who is signed in share: the layout, where they start, the way back."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.layouts import layout_of
from accounts.models import User


def frame_of(user: User) -> dict[str, str]:
    """The context's `layout`."""
    return {"layout": layout_of(user)}


def landing_of(user: User) -> str:
    """The name of the page where a person starts."""
    return "support:desk" if user.is_advisor else "home"


def wished_page(request: HttpRequest) -> str:
    """The page asked for with `next`, when it is one of ours; an empty string otherwise."""
    wished = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Without its slash a redirection takes it for the name of a view, and fails when there is none (OUT-07).
    return wished if is_ours and wished.startswith("/") else ""
