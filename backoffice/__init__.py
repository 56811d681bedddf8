"""The roof and the ground: settings, addresses, home page and demo above every room, core and vads below."""
