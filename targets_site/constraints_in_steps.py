"""A constraint on a table that people work in: first it holds what is written from now on, then, by
a migration of its own, what stands there is looked at without keeping anybody from writing."""

from django.contrib.postgres import operations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint
from django.db.migrations.state import ProjectState


class AddConstraintUnchecked(operations.AddConstraintNotValid):
    """SQLite, which knows no such step, looks at all rows here; it has one writer anyway."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            AddConstraint.database_forwards(self, app_label, schema_editor, from_state, to_state)


class CheckRows(operations.ValidateConstraint):
    """However long it takes: nobody waits for it."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("SET LOCAL statement_timeout = 0")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
