"""What a case looks like on a screen: values for the templates, made of what the use cases give."""
