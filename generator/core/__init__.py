"""The pure core: templates, fields and messages. Standard library only, no input or output."""
