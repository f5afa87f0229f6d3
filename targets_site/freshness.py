"""The data stamp: whether anything that pages show has changed since.

Every write has its entry in the trail, inserted in the same transaction, so the newest entries that
readers see the effect of say which state of the data a page was built from.
"""

import hashlib

from django.db import connection

from targets_site.audit.models import Entry
from targets_site.audit.readers import UNSEEN_BY_READERS

# Numbers are given out before their transactions commit: an entry may become visible after a
# later one. It changes the stamp while fewer than so many came after it.
NEWEST = 50

# With its values in the text, for only so do databases see that the partial index has the rows.
_NEWEST_SEEN = (
    f"SELECT seq, at FROM {Entry._meta.db_table} WHERE NOT (action IN "
    f"({', '.join(repr(each) for each in UNSEEN_BY_READERS)})) ORDER BY seq DESC LIMIT {NEWEST}"
)


def data_stamp() -> str:
    """Changes with every write that a reader can see, and with nothing else; one query.

    What changes without an entry (a roll-up that is counted anew, a migration) does not change it:
    whoever keeps something by it keeps it for a short time only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_SEEN)
        newest = cursor.fetchall()
    # The numbers alone would come again where a database starts anew.
    return hashlib.sha256(repr(newest).encode()).hexdigest()
