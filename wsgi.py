"""Serve the house: `python wsgi.py [--host H] [--port N]`; settings come from the environment."""

import os
import sys
import warnings

from config import Config, ConfigError

try:
    config = Config.from_environ()
except ConfigError as error:
    sys.exit(f"parlour: {error}")

# Only to serve: a command that merely imports this (`flask --app wsgi`) needs no green threads.
if __name__ == "__main__" and config.ASYNC_MODE == "eventlet":
    # eventlet warns that it is in bug-fix mode only; we know, and name it in config.py alone.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    # Its own resolver would take 10 MiB; the only names there are to look up are the house's own
    # database and Redis, whose clients connect once.
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    import eventlet

    eventlet.monkey_patch()

# Only now: whatever these import must find the patched modules.
import argparse
from dataclasses import replace

from app import create_app
from app.server import serve


def main() -> None:
    """Parse the command line and serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default=config.HOST)
    parser.add_argument("--port", type=int, default=config.PORT)
    options = parser.parse_args()
    try:
        app = create_app(replace(config, HOST=options.host, PORT=options.port))
    except ConfigError as error:
        sys.exit(f"parlour: {error}")
    serve(app)


if __name__ == "__main__":
    main()
