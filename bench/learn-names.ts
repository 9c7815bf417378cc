/**
 * A reader that knows the hand is taught what it mostly knows: name fields whose labels were checked by eye, in random orders. What
 * it reads of the others must not get worse. That no generation was taken is as good.
 */
import { startImport } from '../src/core/ingest/job'
import { startLearning } from '../src/core/learning'
import { selectModel } from '../src/core/models'
import { sequence } from '../test/fixtures/big-project'
import { validationSet } from './checked-names'
import { described, generationsOf, learningCore, Person, settled } from './person'
import { createProject } from './project'
import type { Result } from './report'
import { fillFolder, type Setting } from './setting'
import { join } from 'node:path'

/** Decisions after which the reader learns. */
const STEPS = [100, 250, 500]
const BUDGET = 60

export async function measureLearnNames(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const set = validationSet(setting)
  if (!set) return { notes: ['Not measured: names/validation is not there.'], results: [] }
  const texts = new Map(set.rows.flatMap(({ file, written }) => (written === null ? [] : [[file, written] as const])))
  const files = [...texts.keys()].map((name) => join(set.images, name))
  const folder = fillFolder(join(setting.scratch, 'validation'), files, files.length)
  const core = await learningCore(setting)
  const notes: string[] = []
  const before: number[] = []
  const after: number[] = []
  const keys: number[] = []
  try {
    for (let order = 1; order <= setting.options.orders; order++) {
      const project = await createProject(core, setting)
      selectModel(project, { id: 'names-caps' })
      startImport(project, { paths: [folder], labels: null, recognise: true })
      await settled(project)
      const person = new Person(project, texts)
      const all = person.undecided()
      const base = new Map(all.map(({ id, reading }) => [id, reading]))
      const ids = shuffled([...base.keys()], order)
      for (const [place, step] of STEPS.entries()) {
        const some = ids.slice(STEPS[place - 1] ?? 0, step)
        person.decide(some, person.undecided(), new Set(some))
        await startLearning(project, { budget: BUDGET }).finished
        await settled(project)
      }
      const rest = person.undecided()
      const decided = new Set(ids.slice(0, STEPS.at(-1)))
      before.push(person.exact(rest, base) * 100)
      after.push(person.exact(rest) * 100)
      keys.push(person.typed / person.typing(all.filter(({ id }) => decided.has(id)), base)) // prettier-ignore
      const made = generationsOf(project)
      const taken = made.filter((generation) => generation.taken).length
      notes.push(
        `order ${order}: ${made.map(described).join(', ')}; ${taken ? `${taken} taken` : 'no generation was taken'}`
      )
      console.error(`${notes.at(-1)}; exact ${before.at(-1)!.toFixed(1)} → ${after.at(-1)!.toFixed(1)} %`)
    }
  } finally {
    await core.close()
  }
  const change = mean(after) - mean(before)
  return {
    notes: [
      `${texts.size} fields, ${STEPS.at(-1)} decided in ${before.length} random orders; the others are read.`,
      ...notes
    ],
    results: [
      { name: 'exact before', value: mean(before), unit: '%' },
      { name: 'exact after', value: mean(after), unit: '%' },
      { name: 'change on average', value: change, unit: 'points', target: { atLeast: 0 } },
      { name: 'typed ÷ with the base alone', value: mean(keys), unit: '×', target: { atMost: 1 } }
    ]
  }
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function shuffled(ids: number[], seed: number): number[] {
  const random = sequence(seed)
  return ids.map((id) => [random(), id] as const).sort(([one], [other]) => one - other).map(([, id]) => id) // prettier-ignore
}
