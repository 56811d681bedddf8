"""The house's addresses as the demo has them."""

from django.urls import include, path

from backoffice.urls import handler400, handler403, handler404, handler500
from backoffice.urls import urlpatterns as house

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*house, path("demo/", include("backoffice.demo.urls"))]
