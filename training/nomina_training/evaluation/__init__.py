"""How well a model reads: error rates, intervals, breakdowns, comparisons, reports, speed."""
