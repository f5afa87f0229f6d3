-- The role of web, worker and beat: ordinary writes everywhere but in the trail, where it may
-- insert and read. It owns nothing. TEMP: pages of an earlier day are read through temporary views.
-- Statements are parted by blank lines.

GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {role};

GRANT USAGE ON SCHEMA public TO {role};

REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role};

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};

GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};

-- Tables of later migrations, which the owner makes.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};

REVOKE ALL ON audit_entry, audit_link, django_migrations FROM {role};

GRANT SELECT, INSERT ON audit_entry, audit_link TO {role};

GRANT SELECT ON django_migrations TO {role};
