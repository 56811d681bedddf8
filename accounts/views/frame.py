"""The layout of whoever is signed in, for the pages that merchants and advisors share."""

from accounts.models import User


def frame_of(user: User) -> dict[str, str]:
    """The context's `layout`, for `{% extends layout %}`."""
    return {"layout": "layouts/advisor.html" if user.is_advisor else "layouts/merchant.html"}
