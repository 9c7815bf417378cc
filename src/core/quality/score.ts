/** How likely an imported label is wrong, from what the reader saw. */

/** What the score of a label that is a text follows from. */
export interface Testimony {
  /** Natural logarithms of the reader's probability of the label's text and of its own reading. */
  logLabel: number
  logReading: number
  /** Probability that the reading is right. */
  confidence: number
  /** Whether label and reading say the same. */
  same: boolean
  /** How many other imported labels say what was read, and what this label says. */
  othersAsRead: number
  othersAsLabelled: number
  /** Natural logarithm of the reading's over the label's probability by a language model; null without one. */
  language: number | null
}

/**
 * Weights of a logistic regression on 1,000 fields of the names data that no model learnt from and whose labels were
 * checked by eye (training/dev-checked.csv: 76 wrong, 39 on crops that cannot be read); without a language model, and with
 * one. Ten-fold cross-fitted, 45 and 49 of their first 50 are wrong there; `npm run bench -- suspects` measures other fields.
 */
const plain = {
  base: -2.66,
  gap: 0.634,
  language: 0,
  unsure: 0.579,
  sure: 0.589,
  agreed: -0.871,
  differs: 0.919,
  known: 4.96
}
const informed = {
  base: -2.37,
  gap: 0.719,
  language: 0.213,
  unsure: 0.54,
  sure: 0.623,
  agreed: -0.939,
  differs: 0.259,
  known: 4.58
}
/** Where a language model's opinion stops counting, in nats. */
const MOST_LANGUAGE = 25
/** The reader's own certainty ends here: what is beyond it is rounding. */
const MOST_GAP = 60

/** The logit of the probability that the label is wrong. */
export function logitOfText(testimony: Testimony): number {
  const { same, language, confidence } = testimony
  const weights = language === null ? plain : informed
  const certainty = logit(confidence)
  if (same) return weights.base + weights.agreed * certainty
  const gap = clamp(testimony.logReading - testimony.logLabel, 0, MOST_GAP)
  return (
    weights.base +
    weights.differs +
    weights.gap * Math.log1p(gap) +
    weights.language * clamp(language ?? 0, -MOST_LANGUAGE, MOST_LANGUAGE) +
    weights.unsure * Math.max(0, -certainty) +
    weights.sure * Math.max(0, certainty) +
    weights.known * familiarity(testimony)
  )
}

/**
 * For a label that says the crop is blank or illegible: the surer a reading, the likelier it is wrong. No data to fit it
 * on (a handful of such labels): a reading of 98 % makes it 9 in 10, one of 50 % hardly 1 in 5.
 */
export function logitOfUnreadable(reading: string, confidence: number): number {
  return reading === '' ? -4 : logit(confidence) - 1.5
}

export const probabilityOf = (logitValue: number): number => 1 / (1 + Math.exp(-logitValue))

/** Held within ±20, far beyond what can be told. */
export function logit(probability: number): number {
  const held = clamp(probability, 2e-9, 1 - 2e-9)
  return Math.log(held / (1 - held))
}

/** −1 … 1: whether the other labels know the reading (1) or the label (−1); 0 where they know both alike. */
function familiarity({ othersAsRead, othersAsLabelled }: Testimony): number {
  const unseen = 0.2 // so that one other label against none is all there is to say
  return clamp(Math.log((othersAsRead + unseen) / (othersAsLabelled + unseen)) / Math.log(1 / unseen + 1), -1, 1)
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
