/**
 * Label errors, calibration, and acceptance to a promised accuracy: endpoints of this area. Texts for people are made in
 * the interface from kinds and numbers; probabilities, accuracies and shares are fractions.
 */
import * as v from 'valibot'
import { filter, labelState } from '../domain'
import { changed, id, ink, nothing, ofProject, request } from './parts'

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** Why a label is suspected (or excused); `value` and `text` as said for each kind. */
export const evidenceKind = v.picklist([
  /** The reader's probability of the label's own text is `value` (natural logarithm). */
  'improbable',
  /** The label is among the reader's alternatives: `value` its probability. */
  'alternative',
  /** `value` characters differ from the reading. */
  'edits',
  /** The reading is a label of `value` other fields, `text` the reading; the label itself of none. */
  'common-reading',
  /** Characters (`text`) that hardly any other label of the project has. */
  'odd-characters',
  /** Upper and lower case within one word, or not as the other labels are. */
  'mixed-case',
  /** `value` characters where the reading has many more or fewer. */
  'length',
  /** White space at an end, or doubled. */
  'white-space',
  /** Labelled blank or illegible (`text`), and yet read with confidence `value`. */
  'readable',
  /** Labelled with a text, and nothing was read. */
  'unread',
  /** Identical pixels have another label, `text`; see `fields`. */
  'twin',
  /** Almost the same crop has another label, `text`; see `fields`. */
  'near-twin'
])
export type EvidenceKind = v.InferOutput<typeof evidenceKind>

export const evidence = v.object({
  kind: evidenceKind,
  value: v.nullable(v.number()),
  text: v.nullable(v.string()),
  /** Ids of other fields that say so; at most 8. */
  fields: v.array(v.number())
})
export type Evidence = v.InferOutput<typeof evidence>

export const suspect = v.object({
  id: v.number(),
  file: v.string(),
  /** The imported label as it came; its text may be EMPTY and the like where the state is not `text`. */
  label: v.string(),
  state: labelState,
  reading: v.string(),
  confidence: v.number(),
  /** That the label is wrong. */
  probability: v.number(),
  /** Whether a decision has been made since. */
  decided: v.boolean(),
  ink,
  /** Most telling first. */
  evidence: v.array(evidence)
})
export type Suspect = v.InferOutput<typeof suspect>

export const suspectsState = v.object({
  /** Null: never looked for. */
  foundAt: v.nullable(v.string()),
  /** Readings, labels or the model have changed since. */
  stale: v.boolean(),
  /** A search is under way. */
  running: v.boolean(),
  /** Fields with an imported label, and those of them with a reading: only these can be judged. */
  labelled: v.number(),
  judged: v.number(),
  /** Expected number of wrong labels: the sum of the probabilities. */
  expected: v.number(),
  /** Labels of probability `threshold` or more: more likely wrong than right. */
  likely: v.number(),
  threshold: v.number(),
  /** Confident learning: the mean probability of a label by the reader; and how many readings differ and are surer. */
  selfConfidence: v.nullable(v.number()),
  confident: v.number(),
  /**
   * The readings agree with the labels far more often than the model does on its own development fields: it has probably
   * learnt from these very labels, wrong ones included, and fewer of them stand out.
   */
  seen: v.boolean(),
  /** Fields that were not judged, since the reader was trained on them; whether it is known what it was trained on. */
  leftOut: v.number(),
  trainingKnown: v.boolean()
})
export type SuspectsState = v.InferOutput<typeof suspectsState>

/** `low` and `high`: 95 % interval. */
export const interval = v.object({ value: v.number(), low: v.number(), high: v.number() })
export type Interval = v.InferOutput<typeof interval>

export const reliabilityBin = v.object({
  /** The lowest and the highest confidence in the bin. */
  from: v.number(),
  to: v.number(),
  /** Mean confidence. */
  confidence: v.number(),
  /** Share that was right, with its 95 % interval (Wilson). */
  accuracy: interval,
  fields: v.number(),
  filter
})

export const reliability = v.object({
  /** 15 bins of equal mass, fewer where there are fewer than 15 fields; empty without decisions. */
  bins: v.array(reliabilityBin),
  /** Expected calibration error: mean of |accuracy − confidence| over the bins; null without fields. */
  error: v.nullable(v.number()),
  /** What that figure would be for a perfectly calibrated model on so few fields: below it nothing can be told. */
  noise: v.nullable(v.number()),
  /** Mean squared error of the probabilities. */
  brier: v.nullable(v.number()),
  fields: v.number()
})
export type Reliability = v.InferOutput<typeof reliability>

export const calibrationState = v.object({
  /** What the shown confidences are: the posterior as it is, the model's own calibration, or that on this project's decisions. */
  source: v.picklist(['none', 'model', 'project']),
  /** Decisions of people on fields that the current model has read. */
  decisions: v.number(),
  /** Of these, how many are needed before a fit can be asked for. */
  needed: v.number(),
  /** Of the project's fit. */
  fittedAt: v.nullable(v.string()),
  fittedOn: v.nullable(v.number()),
  /** Decisions since the fit: enough of them and fitting again is worth its while. */
  since: v.number(),
  /** All confidences are (almost) the same: they tell right from wrong no better than a coin. */
  constant: v.boolean(),
  /** Of the confidences that are shown; with a project fit each field judged by a fit that did not see it. */
  shown: reliability,
  /** Of the confidences as the model gives them, for comparison. */
  own: reliability
})
export type CalibrationState = v.InferOutput<typeof calibrationState>

/** What accepting all undecided fields from a confidence on would mean. */
export const acceptancePoint = v.object({
  threshold: v.number(),
  /** Undecided fields that the rule would accept. */
  accepted: v.number(),
  /** Undecided fields that remain for a person. */
  remaining: v.number(),
  /** Blindly checked sample fields at or above the threshold, and those of them that would have been accepted wrongly. */
  sampled: v.number(),
  wrong: v.number(),
  /** Of the fields that would be accepted; null without a sample field there. */
  accuracy: v.nullable(interval),
  /** Number of wrong texts among them. */
  errors: v.nullable(interval)
})
export type AcceptancePoint = v.InferOutput<typeof acceptancePoint>

export const sampleState = v.object({
  id: v.number(),
  drawnAt: v.string(),
  seed: v.number(),
  /** Fields drawn; decided blind; counted: those before the first that is not decided yet, in the drawn order. */
  size: v.number(),
  decided: v.number(),
  counted: v.number(),
  /** Undecided fields with a reading when it was drawn, and those of them that were decided otherwise since. */
  population: v.number(),
  left: v.number(),
  /**
   * It speaks no more for what is left: a rule has used it, so many fields were decided otherwise, or another generation of the
   * reader is in use than when it was drawn. Draw another.
   */
  outdated: v.boolean(),
  otherGeneration: v.boolean()
})
export type SampleState = v.InferOutput<typeof sampleState>

export const ruleState = v.object({
  id: v.number(),
  appliedAt: v.string(),
  by: v.string(),
  promise: v.number(),
  threshold: v.number(),
  /** `applying`: under way, or cut off; `broken`: the audit says that the promise does not hold. */
  status: v.picklist(['applying', 'applied', 'undone', 'broken']),
  accepted: v.number(),
  accuracy: interval,
  /** Another generation of the reader is in use: what was accepted stands, and nothing is said of what is read now. */
  otherGeneration: v.boolean(),
  audit: v.object({
    size: v.number(),
    decided: v.number(),
    wrong: v.number(),
    /** Of what was accepted, by the audit alone; holds however often it is looked at. Null before the first decision. */
    accuracy: v.nullable(interval)
  })
})
export type RuleState = v.InferOutput<typeof ruleState>

export const acceptanceState = v.object({
  sample: v.nullable(sampleState),
  /** Newest first. */
  rules: v.array(ruleState)
})
export type AcceptanceState = v.InferOutput<typeof acceptanceState>

export const suspectsEndpoints = {
  /** Looks for wrong labels among all imported ones (seconds at 100,000 fields). */
  'suspects.find': ofProject(nothing, suspectsState),
  'suspects.state': ofProject(nothing, suspectsState),
  /** Worst first. `filter: { suspect: threshold }` is the same as a queue. */
  'suspects.list': ofProject(
    v.object({
      from: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 200),
      /** Only fields nobody has decided on. */
      undecided: v.optional(v.boolean(), false),
      kind: v.optional(evidenceKind),
      minProbability: v.optional(fraction, 0)
    }),
    v.object({
      total: v.number(),
      suspects: v.array(suspect),
      /** How many labels have evidence of each kind. */
      kinds: v.array(v.object({ kind: evidenceKind, count: v.number() }))
    })
  )
} as const

export const calibrationEndpoints = {
  'calibration.read': ofProject(nothing, calibrationState),
  /** `project`: fits on this project's decisions (again) and uses that; `model`: back to what the model says. */
  'calibration.use': ofProject(v.object({ source: v.picklist(['model', 'project']) }), calibrationState)
} as const

export const acceptanceEndpoints = {
  'acceptance.state': ofProject(nothing, acceptanceState),
  /**
   * Draws `size` fields uniformly at random from the undecided ones, added to the sample there is, or with `fresh` as a new
   * one. They are the queue `filter: { sample: 'accuracy' }`, in the drawn order; decide on them with `blind: true`.
   */
  'acceptance.sample': ofProject(
    v.object({
      size: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000)),
      fresh: v.optional(v.boolean(), false),
      seed: v.optional(v.pipe(v.number(), v.safeInteger()))
    }),
    acceptanceState
  ),
  /** For the slider: every threshold of a fixed grid, and the one that this promise asks for. */
  'acceptance.curve': ofProject(
    v.object({
      promise: v.pipe(v.number(), v.minValue(0.5), v.maxValue(0.9999)),
      /** `bound`: the interval's lower end keeps the promise (95 % sure); `estimate`: the estimate does. */
      by: v.optional(v.picklist(['bound', 'estimate']), 'bound')
    }),
    v.object({
      /** Strictest first. */
      points: v.array(acceptancePoint),
      /** Index of the point that accepts most and keeps the promise; null: none does, or not shown to. */
      chosen: v.nullable(v.number()),
      /** Further sample fields that would do if they turn out as those before; 0 where enough, null where no number would. */
      moreNeeded: v.nullable(v.number()),
      /** How the intervals are made. */
      method: v.object({
        interval: v.literal('hypergeometric'),
        level: v.number(),
        thresholds: v.number(),
        correction: v.literal('bonferroni')
      })
    })
  ),
  /** Accepts, as one act of the machine's, every undecided field from the threshold on. */
  'acceptance.apply': ofProject(
    v.object({
      promise: v.pipe(v.number(), v.minValue(0.5), v.maxValue(0.9999)),
      by: v.optional(v.picklist(['bound', 'estimate']), 'bound'),
      request
    }),
    v.object({ rule: ruleState, changed: v.number() })
  ),
  /** Takes back all decisions of a rule; what people decided on these fields stays. */
  'acceptance.undo': ofProject(v.object({ rule: id, request }), v.object({ rule: ruleState, changed: v.number() })),
  /** Draws more of what a rule accepted for its audit: the queue `filter: { sample: 'audit' }`, decided with `blind: true`. */
  'acceptance.audit': ofProject(
    v.object({ rule: id, size: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000)) }),
    acceptanceState
  )
} as const

/** What has been done, to take back; what has been written. */
export const historyEndpoints = {
  /** The reviewer's own acts that can be taken back, newest first; they survive a restart. */
  'history.acts': ofProject(
    v.object({ limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)), 50) }),
    v.object({
      acts: v.array(
        v.object({
          id: v.number(),
          at: v.string(),
          /** Of its decisions; null where they are of several kinds. */
          kind: v.nullable(v.string()),
          /** Fields it decided on. */
          size: v.number(),
          /** The first of them. */
          field: v.nullable(v.number()),
          file: v.nullable(v.string()),
          text: v.nullable(v.string())
        })
      ),
      /** Acts that can be done again. */
      undone: v.number()
    })
  ),
  /** Takes back every act down to and with this one. */
  'history.undoTo': ofProject(v.object({ act: id }), changed)
} as const

export const exportsEndpoints = {
  'exports.list': ofProject(
    nothing,
    v.object({
      exports: v.array(
        v.object({
          id: v.number(),
          at: v.string(),
          path: v.string(),
          rows: v.number(),
          /** Fields that changed since: the queue `filter: { changedSinceExport: id }`. Null for all but the newest five. */
          changed: v.nullable(v.number())
        })
      )
    })
  )
} as const

export const qualityEndpoints = {
  ...suspectsEndpoints,
  ...calibrationEndpoints,
  ...acceptanceEndpoints,
  ...historyEndpoints,
  ...exportsEndpoints
} as const

export const qualityEvents = {
  /** A sample grew, a rule was applied or undone, or an audit broke a promise (`broken`: its rule). */
  'acceptance.changed': v.object({ broken: v.nullable(v.number()) }),
  'calibration.changed': nothing
} as const
