/** Learner, engine and core are killed in turn while a round runs and a person decides. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { environmentFile } from '../../src/core/learning'
import { closeStore, openStore } from '../../src/core/store'
import { loadModel } from '../../src/reading/models'
import { fillFolder, findImages } from '../setting'
import { descendants, succeed, type Faults, type Ground, type Kind, type Work } from './ground'
import { decideAll, serve, wrongDecisions, type Sent, type Server } from './server'

const images = 60
/** Decided before: a round is due as soon as the project is opened. */
const decided = 30
/** ms within which a process that is to be killed appears, and within which a round is over. */
const patience = 120_000

const victims = ['learner', 'engine', 'core'] as const
let turn = 0

interface Learning extends Work {
  server: Server
  log: Sent[]
  deciding: Promise<void>
}

export const learning: Kind = {
  name: 'learning',
  longest: 6000,
  async prepare(ground) {
    const scans = fillFolder(join(ground.folder, 'scans'), findImages(ground.setting).files, images)
    await succeed(ground, ['import', ground.project, scans])
    await succeed(ground, ['recognise', ground.project])
    const rows = namesOf(ground).map((name, at) => `${name},NAME ${'ABCDEFGHIJ'[at % 10]}`)
    const table = join(ground.folder, 'decisions.csv')
    writeFileSync(table, ['file,text', ...rows.slice(0, decided), ''].join('\n'))
    await succeed(ground, ['decide', ground.project, '--from', table])
    setUp(ground)
  },
  async begin(ground) {
    const server = await serve(ground)
    const victim = victims[turn++ % victims.length]!
    await processOf(server, 'learner')
    const log: Sent[] = []
    const ids = Array.from({ length: images - decided }, (_, at) => decided + 1 + at)
    const deciding = decideSlowly(server, ids, log)
    const work: Learning = { child: server.child, server, log, deciding }
    if (victim !== 'core') work.strike = async () => void killThere(await processOf(server, victim))
    return work
  },
  async finish(ground, work) {
    const { server, log, deciding, strike } = work as Learning
    if (strike) {
      await deciding
      await ended(ground)
      server.child.kill('SIGTERM')
      await new Promise((resolve) => server.child.once('close', resolve))
    } else await deciding.catch(() => undefined)
    const lost = look(ground, log)
    const broken = await brokenGenerations(ground)
    // The next start: what was cut off begins again, and whoever asks is taught.
    await succeed(ground, ['learn', ground.project, '--budget', '5'])
    await succeed(ground, ['recognise', ground.project])
    return [...lost, ...broken, ...look(ground, log), ...(await brokenGenerations(ground)), ...nothingLearnt(ground)]
  }
}

/** The real learner where a Python was named, else one that speaks its language. */
function setUp({ setting, folder }: Ground): void {
  const { python } = setting.options.learning
  const standIn = join(setting.settings.installation, 'test', 'fixtures', 'learner.mjs')
  const program =
    python === 'python3' ? [process.execPath, standIn, 'slow=700'] : [python, '-m', 'nomina_training', 'learner']
  const file = environmentFile(join(folder, 'home'))
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, JSON.stringify({ command: program, version: setting.settings.version, own: false }))
}

function withStore<T>({ project }: Ground, look: (db: ReturnType<typeof openStore>) => T): T {
  const db = openStore(project, { create: false })
  try {
    return look(db)
  } finally {
    closeStore(db)
  }
}

const namesOf = (ground: Ground): string[] =>
  withStore(ground, (db) => db.prepare<[], string>('SELECT path FROM sources ORDER BY id').pluck().all().map((path) => basename(path))) // prettier-ignore

async function decideSlowly(server: Server, ids: number[], log: Sent[]): Promise<void> {
  for (const id of ids) {
    await decideAll(server, [id], 'LATER', log)
    await pause(150)
  }
}

/** @returns the id of a child of the server, once it is there; null: the round is over */
async function processOf({ child }: Server, what: 'learner' | 'engine'): Promise<number | null> {
  const sign = what === 'learner' ? /learner(\.mjs)?( |$)/ : /engine\.js/
  for (const until = performance.now() + patience; performance.now() < until; await pause(50)) {
    const found = descendants(child.pid!).find((pid) => sign.test(argumentsOf(pid)))
    if (found) return found
    if (child.exitCode !== null) return null
  }
  return null
}

function argumentsOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return '' // it is gone
  }
}

function killThere(pid: number | null): void {
  try {
    if (pid !== null) process.kill(pid, 'SIGKILL')
  } catch {
    // It ended in this moment.
  }
}

/** Until no round and no reading runs any more. */
async function ended(ground: Ground): Promise<void> {
  const busy = `SELECT count(*) FROM runs WHERE status IN ('running', 'paused')`
  for (const until = performance.now() + patience; performance.now() < until; await pause(200))
    if (withStore(ground, (db) => db.prepare<[], number>(busy).pluck().get()) === 0) return
}

const look = (ground: Ground, log: Sent[]): Faults =>
  withStore(ground, (db) => {
    const count = (sql: string): number => db.prepare<[], number>(sql).pluck().get()!
    const before = count(`SELECT count(*) FROM fields WHERE id <= ${decided} AND status IN ('corrected', 'accepted')`)
    const unread = count(`SELECT count(*) FROM fields WHERE status = 'undecided' AND reading_id IS NULL`)
    return [
      ...(db.pragma('integrity_check', { simple: true }) === 'ok' ? [] : ['the database is damaged']),
      ...wrongDecisions(db, log),
      ...(before === decided ? [] : [`${before} of ${decided} earlier decisions are left`]),
      ...(unread ? [`${unread} fields have lost their reading`] : [])
    ]
  })

/** Those that are stored, the one in use among them, have all their files. */
async function brokenGenerations(ground: Ground): Promise<Faults> {
  const files = withStore(ground, (db) => db.prepare<[], string>('SELECT file FROM generations').pluck().all())
  const faults: Faults = []
  for (const file of files)
    await loadModel(join(ground.project, 'models', file)).catch((error: unknown) => faults.push(`${file}: ${error}`))
  return faults
}

const nothingLearnt = (ground: Ground): Faults =>
  withStore(ground, (db) => db.prepare<[], number>('SELECT count(*) FROM generations').pluck().get()!) > 0
    ? []
    : ['no round came to an end']
