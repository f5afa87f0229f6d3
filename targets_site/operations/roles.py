"""The database's roles: who may do what, so that no process may do more than its work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role that signs in. secret: name of the file with its password. attributes: beside LOGIN,
    as ALTER ROLE has them. member_of: roles of PostgreSQL that it inherits from."""

    name: str
    secret: str
    attributes: str = ""
    member_of: tuple[str, ...] = ()


# Owns the database and its tables; only the steps `migrate` and `protect` and the commands of an
# installation are the owner.
OWNER = Role("targets_owner", "owner_password")
# Web, worker and beat. What both may do in the tables, `protect_audit` says.
APP = Role("targets_app", "app_password")
SEALER = Role("targets_sealer", "sealer_password")
# Copies what is there and changes nothing; each copy is tried in a database of its own.
BACKUP = Role("targets_backup", "backup_password", "CREATEDB REPLICATION", ("pg_read_all_data",))
ROLES = (OWNER, APP, SEALER, BACKUP)
