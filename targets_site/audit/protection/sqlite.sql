-- What was written to the trail is neither changed nor deleted, by whatever program.
-- Statements are parted by blank lines.

DROP TRIGGER IF EXISTS audit_entry_update;

CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit_stays_as_it_is'); END;

DROP TRIGGER IF EXISTS audit_entry_delete;

CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit_stays_as_it_is'); END;

DROP TRIGGER IF EXISTS audit_link_update;

CREATE TRIGGER audit_link_update BEFORE UPDATE ON audit_link
BEGIN SELECT RAISE(ABORT, 'audit_stays_as_it_is'); END;

DROP TRIGGER IF EXISTS audit_link_delete;

CREATE TRIGGER audit_link_delete BEFORE DELETE ON audit_link
BEGIN SELECT RAISE(ABORT, 'audit_stays_as_it_is'); END;

-- INSERT OR REPLACE takes the old row away without a word to its triggers.
DROP TRIGGER IF EXISTS audit_entry_replace;

CREATE TRIGGER audit_entry_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry e WHERE e.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'audit_stays_as_it_is'); END;

DROP TRIGGER IF EXISTS audit_link_replace;

CREATE TRIGGER audit_link_replace BEFORE INSERT ON audit_link
WHEN EXISTS (SELECT 1 FROM audit_link l WHERE l.position = NEW.position OR l.entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'audit_stays_as_it_is'); END;
