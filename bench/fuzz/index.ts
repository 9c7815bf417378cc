/**
 * Mutated files and hostile requests against the real program: no crash, nothing over a minute of its own or 2 GB in one process,
 * each bad file with its reason. Drawn from the seeds that are kept beside this, so that a number names a file for good.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../report'
import type { Setting } from '../setting'
import { giveFile, type Outcome, type Place } from './files'
import { mutated, plan } from './mutate'
import { makeOriginals, type Original } from './originals'
import { sendBroken, sendRequests } from './requests'
import seeds from './seeds.json'
import { MOST_SECONDS, startServer, type Server } from './server'

const MOST_BYTES = 2 * 1024 ** 3
/** Files of one project: what is stored already is no part of a file's time. */
const FILES_OF_A_PROJECT = 200
const SHOWN = 20

interface Tally {
  taken: number
  refused: number
  faults: string[]
  crashes: number
  slowest: number
  peak: number
}

export async function measureFuzz(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const tally: Tally = { taken: 0, refused: 0, faults: [], crashes: 0, slowest: 0, peak: 0 }
  const originals = await makeOriginals()
  const { files, first } = setting.options
  const each = Math.ceil(files / seeds.length)
  let server = await startServer(setting)
  for (const seed of seeds)
    for (const [index, { original, mutations }] of plan(originals.length, each, seed).entries()) {
      if (index < first - 1) continue
      if (index === first - 1 || index % FILES_OF_A_PROJECT === 0)
        await openProject(server, setting, `${seed}-${index}`)
      const given = originals[original]!
      const bytes = mutated(given.bytes, mutations)
      const fault = await tryFile(server, setting, originals, given, bytes, tally)
      // A campaign is long: what was seen stays seen where it is cut off.
      if (fault !== null || index % 100 === 99)
        process.stderr.write(
          `file ${index + 1}: ${fault ?? 'no fault'}; slowest ${tally.slowest.toFixed(1)} s, most ${(tally.peak / 1e9).toFixed(2)} GB, ${tally.faults.length} faults\n`
        )
      if (fault !== null) {
        tally.faults.push(`seed ${seed}, file ${index} (.${given.extension}): ${fault}`)
        keep(setting, `${seed}-${index}.${given.extension}`, bytes)
      }
      tally.peak = Math.max(tally.peak, server.peak())
      if (fault === null && server.isAlive()) continue
      if (!server.isAlive()) tally.crashes++
      server.stop()
      server = await startServer(setting)
      await openProject(server, setting, `${seed}-${index}-again`)
    }
  const broken = await sendBroken(server)
  let slowest = 0
  const bad: string[] = []
  for (const seed of seeds) {
    const asked = await sendRequests(server, Math.ceil(setting.options.requests / seeds.length), seed)
    bad.push(...asked.faults)
    slowest = Math.max(slowest, asked.slowest)
  }
  if (!server.isAlive()) tally.crashes++
  tally.peak = Math.max(tally.peak, server.peak())
  server.stop()
  return told(tally, [...broken, ...bad], slowest)
}

async function openProject(server: Server, { scratch }: Setting, name: string): Promise<void> {
  const answer = await server.call('project.create', { path: join(scratch, 'fuzz', name) })
  if (!answer.ok) throw new Error(answer.error!.message)
}

/** @returns what must not have been, or null */
async function tryFile(
  server: Server,
  setting: Setting,
  originals: Original[],
  given: Original,
  bytes: Buffer,
  tally: Tally
): Promise<string | null> {
  const place: Place = {
    folder: join(setting.scratch, 'fuzz-given'),
    home: join(setting.scratch, 'fuzz-home'),
    picture: originals[0]!.bytes
  }
  const taken = server.stopwatch()
  const outcome = await giveFile(server, place, given, bytes).catch((error: unknown): Outcome => ({
    became: 'fault',
    reason: String(error)
  }))
  const seconds = taken()
  tally.slowest = Math.max(tally.slowest, seconds)
  if (outcome.became === 'fault') return outcome.reason
  tally[outcome.became]++
  if (seconds > MOST_SECONDS) return `it took ${seconds.toFixed(0)} s`
  return server.peak() > MOST_BYTES ? `a process held ${(server.peak() / 1e9).toFixed(1)} GB` : null
}

/** Beside the results, to be looked at. */
function keep({ settings }: Setting, name: string, bytes: Buffer): void {
  const folder = join(settings.installation, 'bench', 'results', 'fuzz')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), bytes)
}

function told(tally: Tally, requests: string[], slowestRequest: number): { notes: string[]; results: Result[] } {
  const faults = [...tally.faults, ...requests]
  const notes = [
    `Seeds ${seeds.join(', ')}: ${tally.taken} files taken in, ${tally.refused} refused with a reason.`,
    ...faults.slice(0, SHOWN),
    ...(faults.length > SHOWN ? [`… and ${faults.length - SHOWN} more.`] : [])
  ]
  return {
    notes,
    results: [
      { name: 'files that were no fault', value: tally.taken + tally.refused, unit: '' },
      { name: 'files with a fault', value: tally.faults.length, unit: '', target: { atMost: 0 } },
      { name: 'requests with a fault', value: requests.length, unit: '', target: { atMost: 0 } },
      { name: 'crashes', value: tally.crashes, unit: '', target: { atMost: 0 } },
      { name: 'slowest file', value: tally.slowest, unit: 's', target: { atMost: MOST_SECONDS } },
      { name: 'slowest request', value: slowestRequest, unit: 's', target: { atMost: MOST_SECONDS } },
      { name: 'most memory of a process', value: tally.peak / 1e9, unit: 'GB', target: { atMost: 2.147 } }
    ]
  }
}
