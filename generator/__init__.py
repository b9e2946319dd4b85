"""The Follow-Up Kit's engine: an email with [placeholders] in it is the form.

``generator.core`` is pure: it reads no file, no clock, no environment and knows neither the browser nor
MkDocs. ``generator.bridge`` is all that the browser calls. ``generator.pages`` builds the site.
"""

from generator.core.template import Template, TemplateError

__all__ = ["Template", "TemplateError"]
