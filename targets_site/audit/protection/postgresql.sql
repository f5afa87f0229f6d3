-- What was written to the trail is neither changed nor deleted, also by the tables' owner; only by
-- an ALTER TABLE first, which the application's role may not do. ALWAYS: also where a session calls
-- itself a replica. Statements are parted by blank lines.

CREATE OR REPLACE FUNCTION audit_stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_stays_as_it_is' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_stays_as_it_is();

ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays;

CREATE OR REPLACE TRIGGER audit_link_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
FOR EACH STATEMENT EXECUTE FUNCTION audit_stays_as_it_is();

ALTER TABLE audit_link ENABLE ALWAYS TRIGGER audit_link_stays;

REVOKE ALL ON audit_entry, audit_link FROM PUBLIC;
