"""Which frame a page has, by who reads it."""

from typing import TYPE_CHECKING

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def layout_of(reader: "AbstractBaseUser | AnonymousUser") -> str:
    """The layout for `{% extends layout %}`; whoever owes a factor has no menu: nothing in it opens."""
    if not isinstance(reader, User) or reader.owes_factor:
        return "layouts/entrance.html"
    return "layouts/advisor.html" if reader.is_advisor else "layouts/merchant.html"
