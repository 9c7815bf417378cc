/**
 * Kills: the command line and the browser shell are ended without a word at random moments of what they do, started again, and
 * what is there is compared with what was acknowledged.
 */
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { randomFrom } from '../../test/fixtures/form-pages'
import type { Result } from '../report'
import type { Setting } from '../setting'
import { descendants, survivors, unfinishedFiles, type Faults, type Ground, type Kind } from './ground'
import { kinds as allKinds } from './kinds'

interface Round {
  faults: Faults
  /** It had ended before the kill came. */
  late: boolean
  alive: number
  unfinished: string[]
}

export async function measureFaults(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { kills, seed, only } = setting.options
  const kinds = only === null ? allKinds : allKinds.filter(({ name }) => name === only)
  if (!kinds.length) throw new Error(`There is no kind ${only}. Kinds: ${allKinds.map(({ name }) => name).join(', ')}.`)
  const random = randomFrom(seed)
  const rounds = new Map<Kind, Round[]>(kinds.map((kind) => [kind, []]))
  for (let index = 0; index < kills; index++) {
    const kind = kinds[index % kinds.length]!
    const round = await kill(setting, kind, random())
    rounds.get(kind)!.push(round)
    // A campaign is long: what was seen stays seen where it is cut off.
    process.stderr.write(`kill ${index + 1} of ${kills}: ${kind.name} ${JSON.stringify(round)}\n`)
  }
  const all = [...rounds.values()].flat()
  const sum = (of: (round: Round) => number): number => all.reduce((total, round) => total + of(round), 0)
  const notes = [...rounds].map(([{ name }, each]) => {
    const wrong = each.flatMap(({ faults, unfinished }) => [...faults, ...unfinished.map((path) => `${path} is left`)])
    return `${name}: ${each.length} kills, ${each.filter(({ late }) => late).length} after the end${wrong.length ? `; ${[...new Set(wrong)].slice(0, 5).join('; ')}` : ''}`
  })
  return {
    notes: [`seed ${seed}`, ...notes],
    results: [
      { name: 'kills', value: all.length, unit: '' },
      {
        name: 'lost, doubled, overwritten or incomplete',
        value: sum(({ faults }) => faults.length),
        unit: '',
        target: { atMost: 0 }
      },
      { name: 'children alive after 5 s', value: sum(({ alive }) => alive), unit: '', target: { atMost: 0 } },
      {
        name: 'unfinished files after the next start',
        value: sum(({ unfinished }) => unfinished.length),
        unit: '',
        target: { atMost: 0 }
      }
    ]
  }
}

/** @param moment of the kill, 0 to 1 */
async function kill(setting: Setting, kind: Kind, moment: number): Promise<Round> {
  const folder = join(setting.scratch, 'faults')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const ground: Ground = { setting, folder, project: join(folder, 'project') }
  await kind.prepare(ground)
  const work = await kind.begin(ground)
  const { child } = work
  const ended = once(child, 'close')
  await Promise.race([ended, pause(moment * kind.longest)])
  const late = child.exitCode !== null
  const below = late || work.strike ? [] : descendants(child.pid!)
  if (work.strike) await work.strike()
  else {
    child.kill('SIGKILL')
    await ended
  }
  const alive = await survivors(below)
  await work.stop?.()
  const faults = await kind.finish(ground, work).catch((error: unknown) => [String(error)])
  return { faults, late, alive, unfinished: unfinishedFiles(folder) }
}
