"""Electronic data interchange: envelopes of EDIFACT and X12, counted by who sends what to whom."""
