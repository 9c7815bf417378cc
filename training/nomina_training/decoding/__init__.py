"""From a CTC network's scores to texts with probabilities: number by number what src/core/decode does in the app."""
