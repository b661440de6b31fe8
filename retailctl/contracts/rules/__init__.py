"""The rule table of contract changes: what each change is called, how grave it is, and what is said of it."""
