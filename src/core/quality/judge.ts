/** One imported label before the evidence: a probability that it is wrong, and why. */
import type { Evidence } from '../../shared/contract/quality'
import type { LabelState } from '../../shared/domain'
import { textLogProbability, type Lattice } from '../../reading/decode/lattice'
import { comparable } from '../store'
import { oddities, say, type Labels } from './labels'
import { logit, logitOfText, logitOfUnreadable, probabilityOf } from './score'
import { editDistance } from '../../shared/edits'
import { inCharset } from './text'
import type { Twin } from './twins'

export interface LabelledField {
  id: number
  label: string
  state: LabelState
  reading: string
  /** Calibrated, as it is shown. */
  confidence: number
  alternatives: { text: string; probability: number }[]
}

/** What is known beyond the field itself. */
export interface Surroundings {
  charset: ReadonlySet<string>
  /** The charset's characters in lower case, for `comparable`. */
  known: ReadonlySet<string>
  labels: Labels
  lattices: Map<number, Lattice>
  identical: Map<number, Twin[]>
  near: Map<number, Twin[]>
  /** Natural logarithm of a text's probability by a language model; null without one. */
  language: ((text: string) => number) | null
}

export interface Judged {
  id: number
  /** That the label is wrong. */
  probability: number
  /** The reader's probability of the label itself. */
  ofLabel: number
  differs: boolean
  confidence: number
  evidence: Evidence[]
}

/** What each formal fault and each twin adds to the logit: by judgement, there are too few of them to fit. */
const ODDITY_WEIGHT = 1
const TWIN_WEIGHT = { same: 0.7, differs: 1.5 }
/** A label that is less likely than this by the reader is said to be improbable. */
const IMPROBABLE = -4
/** A text that other labels have at least so often is a common one. */
const COMMON = 2
/** Without a lattice: nats that each differing character costs. */
const NATS_AN_EDIT = 3
const MOST_TWINS = 8

export function judge(field: LabelledField, around: Surroundings): Judged {
  const { evidence, logitValue, ofLabel, differs } =
    field.state === 'text' ? judgeText(field, around) : judgeUnreadable(field)
  const twins = [
    ...twinEvidence('twin', around.identical.get(field.id)),
    ...twinEvidence('near-twin', around.near.get(field.id))
  ]
  const added = twins.length ? (differs ? TWIN_WEIGHT.differs : TWIN_WEIGHT.same) : 0
  return {
    id: field.id,
    probability: probabilityOf(logitValue + added),
    ofLabel,
    differs,
    confidence: field.confidence,
    evidence: [...evidence, ...twins]
  }
}

interface Verdict {
  logitValue: number
  ofLabel: number
  differs: boolean
  evidence: Evidence[]
}

function judgeText(field: LabelledField, around: Surroundings): Verdict {
  const { label, reading, confidence } = field
  const { charset, known, labels, language } = around
  const written = inCharset(label, charset)
  const same = comparable(label, known) === comparable(reading, known)
  const logReading = Math.log(Math.max(confidence, 1e-12))
  const { logLabel, ofReading } = same
    ? { logLabel: logReading, ofReading: logReading }
    : hear(field, written, logReading, around.lattices.get(field.id))
  const own = same ? 1 : 0
  const othersAsRead = Math.max(0, (labels.counts.get(reading) ?? 0) - own)
  const othersAsLabelled = (labels.counts.get(written) ?? 1) - 1
  const odd = oddities(label, reading, labels, charset)
  const logitValue =
    logitOfText({
      logLabel,
      logReading: ofReading,
      confidence,
      same,
      othersAsRead,
      othersAsLabelled,
      language: language && !same ? language(reading) - language(written) : null
    }) +
    ODDITY_WEIGHT * odd.filter(({ kind }) => kind !== 'length').length
  const evidence: Evidence[] = []
  if (!same) {
    const edits = editDistance([...written], [...reading])
    const alternative = field.alternatives.find(({ text }) => text === written)
    if (reading === '') evidence.push(say('unread', {}))
    else if (logLabel < IMPROBABLE) evidence.push(say('improbable', { value: Math.max(logLabel, -999) }))
    if (reading !== '') evidence.push(say('edits', { value: edits }))
    if (othersAsRead >= COMMON && othersAsLabelled === 0)
      evidence.push(say('common-reading', { value: othersAsRead, text: reading }))
    if (alternative) evidence.push(say('alternative', { value: alternative.probability }))
  }
  return { logitValue, ofLabel: Math.exp(logLabel), differs: !same, evidence: [...evidence, ...odd] }
}

/** The reader's probabilities of label and reading: by its lattice, else by its alternatives, else by what differs. */
function hear(
  { reading, alternatives, label }: LabelledField,
  written: string,
  logReading: number,
  lattice: Lattice | undefined
): { logLabel: number; ofReading: number } {
  if (lattice && (written !== '' || label.trim() === ''))
    return { logLabel: textLogProbability(lattice, written), ofReading: textLogProbability(lattice, reading) }
  const listed = alternatives.find(({ text }) => text === written)
  if (listed) return { logLabel: Math.log(Math.max(listed.probability, 1e-12)), ofReading: logReading }
  return { logLabel: logReading - NATS_AN_EDIT * editDistance([...written], [...reading]), ofReading: logReading }
}

function judgeUnreadable({ state, reading, confidence }: LabelledField): Verdict {
  const logitValue = logitOfUnreadable(reading, confidence)
  const readable = reading !== ''
  const evidence = readable && logit(confidence) > 0 ? [say('readable', { value: confidence, text: state })] : []
  return { logitValue, ofLabel: readable ? 1 - confidence : confidence, differs: readable, evidence }
}

function twinEvidence(kind: 'twin' | 'near-twin', twins: Twin[] | undefined): Evidence[] {
  if (!twins?.length) return []
  const fields = twins.slice(0, MOST_TWINS).map(({ id }) => id)
  return [say(kind, { value: twins.length, text: twins[0]!.label, fields })]
}
