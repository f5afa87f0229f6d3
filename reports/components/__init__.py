"""The page of the pieces: which there are (`pieces`) and made-up values to show them with
(`examples`, `cells`). Nothing here is read from the database."""
