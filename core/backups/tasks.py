"""The kinds of tasks that make backups, keep them in order and show that they can be restored."""

from datetime import timedelta

from core.tasks import Kind

BACKUP = Kind(name="backup", urgency=4, attempts=8, time_limit=timedelta(hours=4), every=timedelta(days=1))
BACKUP_SWEEP = Kind(name="sweep-backups", urgency=8, every=timedelta(hours=1))
BACKUP_CHECK = Kind(name="check-backups", urgency=3, attempts=2, every=timedelta(minutes=15))
RESTORE_DRILL = Kind(
    name="restore-drill", urgency=7, attempts=5, time_limit=timedelta(hours=8), every=timedelta(days=30)
)
