"""What is said to players who look elsewhere, and of the site as an app: a part of `words`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# On every page.
TELL = {
    "tell_turn": _l("Your turn"),
    "tell_playing": _l("{game} with {names}"),
    "tell_message": _l("{name} has written to you."),
    "renewed": _l("The house has been renewed. Load this page anew to go on with it."),
    "load_anew": _l("Load it anew"),
}

# In the settings.
TELLING = {
    "notices_off": _l("Notifications are off in this browser."),
    "notices_on": _l("Notifications are on in this browser."),
    "notices_denied": _l(
        "Your browser keeps notifications of this site back. Allow them in what it keeps about "
        "the site, beside the address, and turn them on here."
    ),
    "notices_none": _l("This browser has no notifications for pages like this one."),
    "sounds_none": _l("This browser makes no sounds for pages."),
    "installed": _l("The app is installed."),
}
