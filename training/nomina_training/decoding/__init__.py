"""From a CTC network's scores to texts with probabilities: number by number what src/reading/decode does in the app."""
