/** One mutated file through the program as a person would give it: it is taken in, or refused with its reason. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ImportReport, Progress } from '../../src/shared/domain'
import type { Original } from './originals'
import { MOST_SECONDS, type Answer, type Server } from './server'

/** What became of it; a fault is what must not be: said as such, or no word at all. */
export type Outcome = { became: 'taken' } | { became: 'refused'; reason: string } | { became: 'fault'; reason: string }

export interface Place {
  folder: string
  home: string
  /** An image that templates name. */
  picture: Buffer
}

export async function giveFile(
  server: Server,
  place: Place,
  { kind, extension }: Original,
  bytes: Buffer
): Promise<Outcome> {
  rmSync(place.folder, { recursive: true, force: true })
  mkdirSync(place.folder, { recursive: true })
  const path = join(place.folder, `given.${extension}`)
  writeFileSync(path, bytes)
  switch (kind) {
    case 'labels':
      return judged(await both(server, path, place))
    case 'template':
      writeFileSync(join(place.folder, 'form.png'), place.picture)
      return judged(await server.call('templates.importJson', { path }))
    case 'manifest':
      return giveManifest(server, place, bytes)
    default:
      return importImage(server, place.folder)
  }
}

/** As labels and as a list of names. */
async function both(server: Server, path: string, { folder }: Place): Promise<Answer> {
  const labels = await server.call('labels.inspect', { path, paths: [folder] })
  if (!labels.ok) return labels
  return server.call('lexicon.inspect', { path })
}

function judged({ ok, error }: Answer): Outcome {
  if (ok) return { became: 'taken' }
  return judgedReason(error?.message ?? '', error?.code === 'internal')
}

/** A reason is a sentence for people: no name of a type of error, no place in code. */
function judgedReason(reason: string, internal = false): Outcome {
  const isSaid = /\w{2}/.test(reason) && !/\b(TypeError|RangeError|undefined|NaN|\.js:\d+)\b/.test(reason)
  return { became: internal || !isSaid ? 'fault' : 'refused', reason: reason || 'no reason was given' }
}

async function giveManifest(server: Server, { home }: Place, bytes: Buffer): Promise<Outcome> {
  const models = join(home, 'models')
  mkdirSync(models, { recursive: true })
  writeFileSync(join(models, 'mutated.json'), bytes)
  const answer = await server.call('models.list', { rescan: true })
  if (!answer.ok) return judged(answer)
  const { refused } = answer.value as { refused: { path: string; reason: string }[] }
  const own = refused.find(({ path }) => path.includes('mutated'))
  return own ? judgedReason(own.reason) : { became: 'taken' }
}

async function importImage(server: Server, folder: string): Promise<Outcome> {
  const started = await server.call('import.start', { paths: [folder], labels: null, recognise: false })
  if (!started.ok) return judged(started)
  const taken = server.stopwatch()
  for (;;) {
    const { value } = await server.call('runs.current', {})
    const runs = value as Progress[]
    if (!runs.some(({ status }) => status === 'running')) break
    if (taken() > MOST_SECONDS) throw new Error(`the import took more than ${MOST_SECONDS} s`)
    await pause(20)
  }
  const { value } = await server.call('import.report', {})
  const report = value as ImportReport | null
  const problem = report?.failed[0] ?? report?.unsupported[0]
  if (problem) return judgedReason(problem.reason)
  if (report) {
    // What is not changed may have been given before, under the name of another kind.
    const { added, changed, unchanged, moved, identical, pages } = report
    if (added + changed + unchanged + moved + identical + pages > 0) return { became: 'taken' }
  }
  return { became: 'fault', reason: 'neither taken in nor named among the problems' }
}
