"""Build time: reads the content, renders the forms, makes the engine image and hooks into MkDocs."""
