"""Finding targets, indicators, documents, areas and departments."""
