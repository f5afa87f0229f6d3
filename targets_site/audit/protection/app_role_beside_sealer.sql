-- Links are the sealer's alone.

REVOKE INSERT ON audit_link FROM {role};
