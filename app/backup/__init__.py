"""All that a house has, in one file: made beside a running server, put back while none runs.

`make_backup` and `restore_backup` are what the commands do. The databases' own ways of copying are
in `sqlite` and `postgres`, what such a file looks like in `archive`, and who may do what at the
same time in `lock`. Nothing here needs the application: what is damaged must not keep it from
helping.
"""

from app.backup.errors import BackupError
from app.backup.making import make_backup
from app.backup.restoring import restore_backup

__all__ = ["BackupError", "make_backup", "restore_backup"]
