"""What a browser says it is, in words its owner recognises."""

# In this order: Edge and Opera also say Chrome, everybody says Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
# Android also says Linux, iPhones say Mac OS X.
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe(agent: str) -> str:
    """« Firefox sur Linux » for a User-Agent; « Navigateur inconnu » when it names neither."""
    browser = next((label for mark, label in _BROWSERS if mark in agent), "")
    system = next((label for mark, label in _SYSTEMS if mark in agent), "")
    if not (browser or system):
        return "Navigateur inconnu"
    return f"{browser or 'Navigateur inconnu'} sur {system}" if system else browser
