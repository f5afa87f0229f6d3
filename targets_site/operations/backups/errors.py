"""Why a backup was not taken, or is not one. Each says so in Chinese and in English."""


class BackupError(Exception):
    """Nothing was taken, or what was looked at is not a backup that can be restored."""


class NotEmpty(BackupError):
    """There is something where the backup would be restored to."""


class NotIntact(BackupError):
    """Everything is there as it was backed up, and the trail was not what it was even then."""
