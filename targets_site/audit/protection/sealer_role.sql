-- The role of the sealer: it reads the trail and inserts links, and nothing else.
-- Statements are parted by blank lines.

GRANT CONNECT ON DATABASE "{database}" TO {role};

GRANT USAGE ON SCHEMA public TO {role};

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};

GRANT SELECT ON audit_entry, audit_link, django_migrations TO {role};

GRANT INSERT ON audit_link TO {role};
