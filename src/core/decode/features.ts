/** What the confidence of a reading is calibrated from; stored with it, so that it can be calibrated anew. */

/**
 * In this order in a reading's `features`; each a finite number.
 * - `posterior`: logit of the decoder's probability of the text, ±16
 * - `margin`: how much likelier than the second text, in nats; of a text that greedy decoding was sure of, than all others
 * - `length`: characters
 * - `languageModel`: mean natural logarithm a character (its end included) by the language model; 0 without one
 * - `weakest`: logit of the least certain character's confidence, ±16
 * - `greedy`: 1 where it is what greedy decoding gives, else 0
 * - `omission`: expected number of characters seen outside those of the text
 */
export const FEATURES = ['posterior', 'margin', 'length', 'languageModel', 'weakest', 'greedy', 'omission'] as const
export type Feature = (typeof FEATURES)[number]
