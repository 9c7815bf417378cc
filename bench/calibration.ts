/** Confidence on real readings: how far it is off, and whether a promised accuracy is kept and its interval true. */
import { fitWeights, crossFitted, type Example } from '../src/core/confidence/fit'
import { calibrated, inputsOf } from '../src/core/confidence/calibration'
import { reliabilityOf, sequence } from '../src/core/confidence'
import { curveOf, type By } from '../src/core/quality/acceptance/curve'
import { comparable, knownCharacters } from '../src/core/store'
import { developmentSet, readSet, validationSet, type CheckedSet } from './checked-names'
import { median, type Result } from './report'
import { openCore, type Setting } from './setting'

interface Field extends Example {
  /** By the model. */
  own: number
  /** The published label says what was read. */
  agrees: boolean
}

const SPLITS = 100
const PROMISE = 0.99
/** Share of the fields that are checked blind. */
const CHECKED = 0.4

export async function measureCalibration(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const [validation, development] = [validationSet(setting), developmentSet(setting)]
  if (!validation || !development)
    return { notes: [`The checked names are not beside ${setting.options.from}: not measured.`], results: [] }
  const unseen = await readFields(setting, validation)
  const fitted = await readFields(setting, development)
  const weights = fitWeights(fitted)
  const own = reliabilityOf(unseen.map(({ own: confidence, right }) => ({ confidence, right })))
  const project = reliabilityOf(unseen.map(({ inputs, right }) => ({ confidence: calibrated(inputs, weights), right })))
  const all = [...unseen, ...fitted]
  const crossed = await crossFitted(all)
  const both = reliabilityOf(all.map(({ right }, index) => ({ confidence: crossed[index]!, right })))
  return {
    notes: [
      `${unseen.length} validation fields, nothing fitted on them; ${fitted.length} development fields. Crops that cannot be read count as read wrongly.`,
      `Promise ${PROMISE * 100} %, ${SPLITS} random splits of all ${all.length}: ${CHECKED * 100} % checked blind, the rule accepts of the rest. "With labels": it accepts only what the published label says too.`
    ],
    results: [
      { name: 'calibration error on validation, by the model', value: own.error! * 100, unit: '%' },
      {
        name: 'calibration error on validation, fitted on development',
        value: project.error! * 100,
        unit: '%',
        target: { atMost: 2 }
      },
      { name: 'of which to be expected of perfect probabilities', value: project.noise! * 100, unit: '%' },
      { name: 'calibration error on all, cross-fitted', value: both.error! * 100, unit: '%', target: { atMost: 2 } },
      { name: 'of which to be expected of perfect probabilities', value: both.noise! * 100, unit: '%' },
      { name: 'Brier score on validation, by the model', value: own.brier!, unit: '' },
      { name: 'Brier score on validation, fitted on development', value: project.brier!, unit: '' },
      ...(['estimate', 'bound'] as const).flatMap((by) => [...simulate(all, by, false), ...simulate(all, by, true)]),
      // As in a project of a usual size: the same fields ten times.
      ...simulate(all, 'bound', false, 10),
      ...simulate(all, 'bound', true, 10)
    ]
  }
}

function simulate(all: Field[], by: By, labels: boolean, times = 1): Result[] {
  const fields = Array.from({ length: times }, () => all).flat()
  const share = CHECKED / Math.sqrt(times)
  const random = sequence(7)
  const shares: number[] = []
  const accuracies: number[] = []
  let inside = 0
  let kept = 0
  for (let split = 0; split < SPLITS; split++) {
    const shuffled = fields
      .map((field) => ({ field, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ field }) => field)
    const checked = shuffled.slice(0, Math.round(share * fields.length))
    const rest = shuffled.slice(checked.length)
    const eligible = (field: Field): boolean => !labels || field.agrees
    const open = rest.filter(eligible).sort((a, b) => b.own - a.own)
    const { points, chosen } = curveOf(
      {
        open: open.map(({ own }) => own),
        undecided: rest.length,
        sampled: checked.filter(eligible).map(({ own: confidence, right }) => ({ confidence, right }))
      },
      PROMISE,
      by
    )
    if (chosen === null) {
      shares.push(0)
      continue
    }
    const { threshold, accepted, accuracy } = points[chosen]!
    const taken = open.filter(({ own }) => own >= threshold)
    const truth = taken.filter(({ right }) => right).length / taken.length
    shares.push(accepted / rest.length)
    accuracies.push(truth)
    if (truth >= accuracy!.low - 1e-9 && truth <= accuracy!.high + 1e-9) inside++
    if (truth >= PROMISE) kept++
  }
  const size = times > 1 ? `, ${fields.length} fields, ${Math.round(share * fields.length)} checked` : ''
  const name = `${by === 'bound' ? 'lower end' : 'estimate'} ≥ 99 %${labels ? ', with labels' : ''}${size}`
  const rules = accuracies.length
  return [
    { name: `${name}: splits with a rule`, value: rules, unit: 'of 100' },
    ...(rules
      ? [
          {
            name: `${name}: true accuracy inside the interval, of those`,
            value: (inside / rules) * 100,
            unit: '%',
            target: { atLeast: 93 }
          },
          { name: `${name}: true accuracy at least 99 %, of those`, value: (kept / rules) * 100, unit: '%' },
          {
            name: `${name}: mean true accuracy`,
            value: (accuracies.reduce((a, b) => a + b, 0) / rules) * 100,
            unit: '%'
          }
        ]
      : []),
    { name: `${name}: share accepted, median`, value: median(shares) * 100, unit: '%', target: { atLeast: 80 } }
  ]
}

async function readFields(setting: Setting, set: CheckedSet): Promise<Field[]> {
  const core = await openCore(setting)
  try {
    const { db } = await readSet(core, setting, set)
    const rows = db
      .prepare<
        [],
        { file: string; text: string; confidence: number; features: string | null; differs: number; manifest: string }
      >(
        `SELECT s.path AS file, r.text, r.confidence, r.features, f.differs, m.manifest FROM fields f
         JOIN sources s ON s.id = f.source_id JOIN readings r ON r.id = f.reading_id JOIN models m ON m.id = r.model_id ORDER BY f.id`
      )
      .all()
    const known = knownCharacters((JSON.parse(rows[0]!.manifest) as { charset: string[] }).charset)
    const written = new Map(set.rows.map((row) => [row.file, row.written]))
    return rows.map((row) => {
      const truth = written.get(row.file) ?? null
      const right = truth !== null && comparable(truth, known) === comparable(row.text, known)
      return { inputs: inputsOf(row), right, own: row.confidence, agrees: row.differs === 0 }
    })
  } finally {
    await core.close()
  }
}
