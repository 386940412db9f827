"""What stands in the way of completing a template."""


class TemplateError(Exception):
    """A template that cannot be completed as it is; the text says which, where and why."""
