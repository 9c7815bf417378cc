/**
 * Measurements: `npm run bench` for all of them, `npm run bench -- recogniser store` for some. Ratios are of runs in
 * turns within one process; nothing here asserts, a missed target is shown as missed.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureCalibration } from './calibration'
import { measureCluster } from './cluster'
import { measureEventLoop } from './event-loop'
import { measureFaults } from './faults'
import { fitBlankness, fitScore } from './forms/fit'
import { measureForms } from './forms'
import { measureFuzz } from './fuzz'
import { measureKeystrokes } from './keystrokes'
import { measureLearn } from './learn'
import { measureLearnNames } from './learn-names'
import { measureMemory } from './memory'
import { measureNamesGrid } from './names-grid'
import { measureNextItem } from './next-item'
import { measurePages } from './pages'
import { measurePipeline } from './pipeline'
import { measureRecogniser } from './recogniser'
import { print, save, type PartReport } from './report'
import { measureReviewers } from './reviewers'
import { createSetting, removeScratch, type Setting } from './setting'
import { measureStart } from './start'
import { measureStore } from './store'
import { measureSuspects } from './suspects'
import { measureWhileLearning } from './while-learning'
import { measureWorker } from './worker'

type Part = (setting: Setting) => Promise<Pick<PartReport, 'notes' | 'results'>>
const parts: Record<string, Part> = {
  recogniser: measureRecogniser,
  pipeline: measurePipeline,
  memory: measureMemory,
  worker: measureWorker,
  'event-loop': measureEventLoop,
  start: measureStart,
  store: measureStore,
  suspects: measureSuspects,
  calibration: measureCalibration,
  keystrokes: measureKeystrokes,
  'next-item': measureNextItem,
  'names-grid': measureNamesGrid,
  reviewers: measureReviewers,
  faults: measureFaults,
  forms: measureForms,
  fuzz: measureFuzz,
  pages: measurePages
}
/** Long, in need of Python, or not measured but made: only when asked for. */
const makers: Record<string, Part> = {
  learn: measureLearn,
  cluster: measureCluster,
  'learn-names': measureLearnNames,
  'while-learning': measureWhileLearning,
  'forms-fit-score': fitScore,
  'forms-fit-blank': fitBlankness
}
const known = { ...parts, ...makers }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '2000' },
    fields: { type: 'string', default: '10500' },
    rows: { type: 'string', default: '100000' },
    made: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '5' },
    clients: { type: 'string', default: '8' },
    files: { type: 'string', default: '3000' },
    first: { type: 'string', default: '1' },
    requests: { type: 'string', default: '500' },
    orders: { type: 'string', default: '5' },
    turns: { type: 'string', default: '3' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    from: { type: 'string', default: '../shared/data/names/train' },
    reference: { type: 'string', default: '../shared/reference/names-keras-crnn.onnx' },
    forms: { type: 'string', default: '../shared/data/forms' },
    reader: { type: 'string', default: 'resources/models/latin-lines.json' },
    lines: { type: 'string', default: '../shared/data/lines/lectaurep/labels.csv' },
    begins: { type: 'string', default: '' },
    python: { type: 'string', default: 'python3' }
  }
})
const unknown = positionals.filter((name) => !Object.hasOwn(known, name))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. Parts: ${Object.keys(known).join(', ')}.`)
  process.exit(2)
}

const setting = createSetting({
  images: wholeNumber('images'),
  fields: wholeNumber('fields'),
  rows: wholeNumber('rows'),
  made: values.made === undefined ? null : resolve(values.made),
  rounds: wholeNumber('rounds'),
  minutes: wholeNumber('minutes'),
  clients: wholeNumber('clients'),
  files: wholeNumber('files'),
  first: wholeNumber('first'),
  requests: wholeNumber('requests'),
  orders: wholeNumber('orders'),
  turns: wholeNumber('turns'),
  kills: wholeNumber('kills'),
  seed: wholeNumber('seed'),
  only: values.only ?? null,
  from: resolve(values.from),
  reference: resolve(values.reference),
  forms: resolve(values.forms),
  learning: {
    reader: resolve(values.reader),
    lines: resolve(values.lines),
    begins: values.begins,
    python: values.python
  }
})
const reports: PartReport[] = []
let failed = false
try {
  for (const part of positionals.length > 0 ? positionals : Object.keys(parts)) {
    const startedAt = performance.now()
    const seconds = (): number => (performance.now() - startedAt) / 1000
    try {
      const measured = await known[part]!(setting)
      reports.push({ part, ...measured, seconds: seconds() })
    } catch (error) {
      failed = true
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
      reports.push({ part, notes: [`Could not be measured: ${reason}`], results: [], seconds: seconds() })
    }
    print(reports.at(-1)!)
  }
  const folder = resolve(setting.settings.installation, 'bench', 'results')
  console.log(`\nWritten to ${save(folder, ['npm run bench --', ...process.argv.slice(2)].join(' '), reports)}`)
} finally {
  removeScratch(setting)
}
process.exit(failed ? 1 : 0)

function wholeNumber(
  name:
    | 'images'
    | 'fields'
    | 'rows'
    | 'rounds'
    | 'minutes'
    | 'clients'
    | 'files'
    | 'first'
    | 'requests'
    | 'orders'
    | 'turns'
    | 'kills'
    | 'seed'
): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number > 0) return number
  console.error(`--${name} must be a whole number above 0.`)
  process.exit(2)
}
