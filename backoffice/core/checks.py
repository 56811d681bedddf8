"""System checks of the ground: what a machine lacks, said once at start."""

from typing import Any

from django.core import checks

from backoffice.core import pdf


@checks.register(deploy=True)
def pdf_libraries(**kwargs: Any) -> list[checks.CheckMessage]:
    """Name the Debian packages without which no contract can be printed."""
    missing = pdf.missing_packages()
    if not missing:
        return []
    return [
        checks.Warning(
            "PDF documents cannot be made on this machine.", hint=f"apt-get install {' '.join(missing)}", id="core.W001"
        )
    ]
