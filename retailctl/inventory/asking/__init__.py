"""Questions to owners and what they answer: which fields can be asked, how a questionnaire is written and read back."""
