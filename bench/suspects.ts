/** Label errors: how many of those that are known the ranked list has at its beginning. */
import { currentModel } from '../src/core/project'
import { findSuspects, listSuspects } from '../src/core/quality'
import { developmentSet, readSet, validationSet, type CheckedSet } from './checked-names'
import type { Result } from './report'
import { openCore, type Setting } from './setting'

type Measured = { notes: string[]; results: Result[] }

/** How labels say that nothing can be read. */
const UNREADABLE = /^(EMPTY|UNREADABLE|)$/
const SHARE = 0.08

export async function measureSuspects(setting: Setting): Promise<Measured> {
  const sets: [string, CheckedSet | null][] = [
    ['validation', validationSet(setting)],
    ['development (the score was fitted on it)', developmentSet(setting)]
  ]
  const measured: Measured = { notes: [], results: [] }
  for (const [name, set] of sets) {
    if (!set) {
      measured.notes.push(`The checked names of ${name} are not beside ${setting.options.from}: not measured.`)
      continue
    }
    const { notes, results } = await measureSet(setting, set, name)
    measured.notes.push(...notes)
    measured.results.push(...results)
  }
  return measured
}

async function measureSet(setting: Setting, set: CheckedSet, name: string): Promise<Measured> {
  const core = await openCore(setting)
  try {
    const project = await readSet(core, setting, set)
    const { db } = project
    const startedAt = performance.now()
    await findSuspects(db, { model: currentModel(project) })
    const seconds = (performance.now() - startedAt) / 1000
    const { suspects } = listSuspects(db, { from: 0, limit: set.rows.length, undecided: false, minProbability: 0 })
    const rows = new Map(set.rows.map((row) => [row.file, row]))
    const ranked = suspects.map(({ file, probability }) => ({ ...rows.get(file)!, probability }))
    const isWrong = ({ published, written }: (typeof ranked)[number]): boolean =>
      written === null ? !UNREADABLE.test(published.trim()) : published.trim() !== written.trim()
    const legible = ranked.filter(({ written }) => written !== null)
    const target = name === 'validation'
    const lists: [string, typeof ranked][] = [
      ['legible fields', legible],
      ['all fields', ranked]
    ]
    return {
      notes: [
        `${name}: ${ranked.length} labels, ${legible.filter(isWrong).length} wrong on legible crops and ` +
          `${ranked.filter(isWrong).length - legible.filter(isWrong).length} on crops that cannot be read; searched in ${seconds.toFixed(1)} s.`
      ],
      results: lists.flatMap(([which, list]) => {
        const first = list.slice(0, Math.round(SHARE * list.length))
        const found = first.filter(isWrong).length / list.filter(isWrong).length
        const most = Math.min(1, first.length / list.filter(isWrong).length)
        return [
          {
            name: `${name}, ${which}: wrong labels among the first 8 % (at most ${(most * 100).toFixed(0)})`,
            value: found * 100,
            unit: '%',
            ...(target ? { target: { atLeast: 80 } } : {})
          },
          {
            name: `${name}, ${which}: precision at 50`,
            value: list.slice(0, 50).filter(isWrong).length * 2,
            unit: '%',
            ...(target ? { target: { atLeast: 90 } } : {})
          },
          {
            name: `${name}, ${which}: expected wrong by the list ÷ truly wrong`,
            value: list.reduce((sum, { probability }) => sum + probability, 0) / list.filter(isWrong).length,
            unit: ''
          }
        ]
      })
    }
  } finally {
    await core.close()
  }
}
