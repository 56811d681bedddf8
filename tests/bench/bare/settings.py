"""What Django needs and nothing more, on the same PostgreSQL and with the connection settings of the house."""

import os

import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.bench.bare.urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS = ["tests.bench.bare"]
DATABASES = {"default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
