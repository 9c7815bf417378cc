/**
 * A simulated person decides fields of one hand from their known texts, in the order of the review; at each step the reader
 * learns. The figures are of the generation in use, as it reads (beam and language model), on what is still undecided.
 */
import { basename, dirname, join } from 'node:path'
import { startImport } from '../src/core/ingest/job'
import { startLearning } from '../src/core/learning'
import { selectModel } from '../src/core/models'
import { loadModel } from '../src/reading/models'
import { described, generationsOf, learningCore, Person, settled, textsOf } from './person'
import type { Result } from './report'
import { fillFolder, type Setting } from './setting'

/** Decisions after which the reader learns, and the share of the base's errors that may be left on the same fields. */
const STEPS: [number, number][] = [
  [50, 0.6],
  [100, 0.48],
  [200, 0.4],
  [400, 0.35]
]
const BUDGET = 60

export async function measureLearn(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images, learning } = setting.options
  const texts = textsOf(learning.lines, 'TEXT', { begins: learning.begins, most: images })
  const core = await learningCore(setting)
  try {
    const project = await core.open(join(setting.scratch, 'hand'), { create: true })
    selectModel(project, { id: (await loadModel(learning.reader)).manifest.id })
    const files = [...texts.keys()].map((name) => join(dirname(learning.lines), 'images', name))
    const folder = fillFolder(join(setting.scratch, 'hand-images'), files, files.length)
    startImport(project, { paths: [folder], labels: null, recognise: true })
    await settled(project)
    const person = new Person(project, texts)
    const base = new Map(person.undecided().map(({ id, reading }) => [id, reading]))
    const all = person.undecided()
    const results: Result[] = [{ name: 'CER of the base', value: person.errorRate(all, base) * 100, unit: '%' }]
    const rounds: string[] = []
    for (const [step, share] of STEPS.filter(([step]) => step < texts.size)) {
      person.decideUpTo(step)
      const startedAt = performance.now()
      await startLearning(project, { budget: BUDGET }).finished
      const learnt = performance.now() - startedAt
      await settled(project)
      const rest = person.undecided()
      const after = person.errorRate(rest)
      const made = generationsOf(project).map(described).join(', ')
      rounds.push(`after ${step}: ${made}; ${(learnt / 1000).toFixed(0)} s`)
      console.error(`${rounds.at(-1)}; CER ${(after * 100).toFixed(1)} %`)
      results.push(
        { name: `CER after ${step}`, value: after * 100, unit: '%' },
        {
          name: `after ${step} ÷ base`,
          value: after / person.errorRate(rest, base),
          unit: '×',
          target: { atMost: share }
        }
      )
    }
    person.decideUpTo(texts.size)
    const alone = person.typing(all, base)
    results.push({
      name: 'typed ÷ with the base alone',
      value: person.typed / alone,
      unit: '×',
      target: { atMost: 0.5 }
    })
    const name = `${texts.size} images of ${basename(dirname(learning.lines))} ${learning.begins}`
    return { notes: [`${name}, read by ${basename(learning.reader)}.`, ...rounds], results }
  } finally {
    await core.close()
  }
}
