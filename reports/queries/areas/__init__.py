"""An area at a glance: a constant number of queries, however many targets it has."""
