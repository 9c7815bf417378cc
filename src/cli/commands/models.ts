import { InvalidArgumentError, type Command } from 'commander'
import { resolve } from 'node:path'
import { addModel, describeModels, tryModels } from '../../core/models'
import { bootstrap } from '../../core/quality/figures/bootstrap'
import { tidyText } from '../../shared/text'
import type { Act } from '../act'
import type { Evaluated } from '../evaluate/write'
import { withCore, type Session } from '../session'
import { percent, printable, signedPercent, table, whole } from '../terminal'
import { describeEvaluation, evaluateModel, howMeasured, withLabels, type EvaluateOptions } from './evaluate'

export function addModels(program: Command, act: Act): void {
  const models = program
    .command('models')
    .summary('list the models of this machine; add, measure and compare them')
    .description('The models that read on this machine.')
  models
    .command('list', { isDefault: true })
    .summary('list them, and those that are refused')
    .description(
      'Tries each model, and lists those that can read, where they lie, and those that are refused with the reason.'
    )
    .action(act(listCommand))
  models
    .command('add')
    .summary('take in a model from elsewhere')
    .description('Tries a model and copies it with its files to those of this machine. None that is there is replaced.')
    .argument('<manifest.json>', 'its manifest; its other files lie beside it')
    .action(act(addCommand))
  const measure = models
    .command('measure')
    .summary('measure one on images with known labels')
    .description(`Reads images with a model and measures its readings against labels. ${howMeasured}`)
    .argument('<model>', 'its id')
  withLabels(measure).action(act(measureCommand))
  const compare = models
    .command('compare')
    .summary('say which of two is better on images with known labels')
    .description(
      `Reads images with both models, and says how they differ, with the 95 % interval in pairs over the fields. ${howMeasured}`
    )
    .argument('<a>', 'id of one')
    .argument('<b>', 'id of the other')
  withLabels(compare).action(act(compareCommand))
}

async function listCommand(session: Session) {
  const { models, refused, folder } = await withCore(session, {}, async ({ app }) => {
    await tryModels(app)
    return describeModels(app, null)
  })
  for (const { path, reason } of refused)
    session.tell(reason.includes(path) ? `Refused: ${reason}` : `Refused: ${path}: ${reason}`)
  const value = { models: models.map(({ current: _, ...model }) => model), refused, folder }
  if (models.length === 0) return { value, text: `There are no models. Put one into ${printable(folder)}.` }
  const rows = models.map(({ id, title, input, bytes, folder }) => [
    id,
    title,
    input,
    `${(bytes / 1e6).toFixed(1)} MB`,
    printable(folder)
  ])
  return { value, text: table(rows) }
}

async function addCommand(session: Session, manifest: string) {
  const { id, hash, path } = await withCore(session, {}, async ({ app }) => {
    const model = await addModel(app, resolve(manifest))
    return { id: model.manifest.id, hash: model.hash, path: model.manifestPath }
  })
  return { value: { id, hash, path }, text: `${id}: ${printable(path)}` }
}

async function measureCommand(session: Session, model: string, options: EvaluateOptions) {
  const { value } = await evaluateModel(session, { ...options, model })
  return { value, text: describeEvaluation(value) }
}

async function compareCommand(session: Session, a: string, b: string, options: EvaluateOptions) {
  if (a === b) throw new InvalidArgumentError(`Both are ${a}: name two models to compare.`)
  const one = await evaluateModel(session, { ...options, model: a })
  const other = await evaluateModel(session, { ...options, model: b })
  const difference = await bootstrap(
    [one, other].flatMap(({ fields }) => [charactersOf(fields), rightOf(fields)]),
    ([cerA, exactA, cerB, exactB]) => [cerB! - cerA!, exactB! - exactA!]
  )
  const [cer = null, exact = null] = difference ?? []
  const value = { a: one.value, b: other.value, difference: { cer, exact } }
  const rows = [one.value, other.value].map((model) => [
    model.model,
    `${percent(model.cer)} of the characters wrong`,
    `${percent(model.exact)} of ${whole(model.fields)} fields right`
  ])
  const interval = (range: typeof cer): string =>
    range ? `${signedPercent(range.value)} (${signedPercent(range.low)} to ${signedPercent(range.high)})` : '–'
  return { value, text: table([...rows, [`${b} less ${a}`, interval(cer), interval(exact)]]) }
}

const column = (fields: Evaluated[], of: (field: Evaluated) => number): Float64Array => Float64Array.from(fields, of)
const charactersOf = (fields: Evaluated[]) => ({
  above: column(fields, ({ edits }) => edits),
  below: column(fields, ({ label }) => [...tidyText(label)].length)
})
const rightOf = (fields: Evaluated[]) => ({
  above: column(fields, ({ exact }) => Number(exact)),
  below: column(fields, () => 1)
})
