/** The kinds of kill, in the order in which they take turns. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import BetterSqlite3 from 'better-sqlite3'
import { closeStore, openStore, type Database } from '../../src/core/store'
import { migrations } from '../../src/core/store/migrations'
import { makeProject } from '../../test/fixtures/big-project'
import { fillFolder, findImages } from '../setting'
import { command, succeed, type Faults, type Ground, type Kind, type Work } from './ground'
import { learning } from './learning'
import { decideAll, serve, serveTwice, wrongDecisions, type Sent, type Server } from './server'

const images = 150
const fields = 4000
const oldFields = 40_000

const begun = (ground: Ground, ...parameters: string[]): Promise<Work> =>
  Promise.resolve({ child: command(ground, parameters) })

/** Looks at a project with nothing else open. */
function look(ground: Ground, faultsOf: (db: Database, count: (sql: string) => number) => Faults): Faults {
  const db = openStore(ground.project, { create: false })
  const count = (sql: string): number => db.prepare<[], number>(sql).pluck().get()!
  const sound = db.pragma('integrity_check', { simple: true }) === 'ok' ? [] : ['the database is damaged']
  const faults = [...sound, ...faultsOf(db, count)]
  closeStore(db)
  return faults
}

const expected = (what: string, found: number, wanted: number): Faults =>
  found === wanted ? [] : [`${found} ${what}, not ${wanted}`]

const scans = ({ setting, folder }: Ground): string =>
  fillFolder(join(folder, 'scans'), findImages(setting).files, images)

const importing: Kind = {
  name: 'import',
  longest: 2500,
  prepare: (ground) => Promise.resolve(void scans(ground)),
  begin: (ground) => begun(ground, 'import', ground.project, join(ground.folder, 'scans')),
  async finish(ground) {
    await succeed(ground, ['import', ground.project, join(ground.folder, 'scans')])
    return look(ground, (_db, count) => [
      ...expected('files', count('SELECT count(*) FROM sources'), images),
      ...expected('fields', count('SELECT count(*) FROM fields'), images)
    ])
  }
}

const reading: Kind = {
  name: 'reading',
  longest: 4000,
  prepare: (ground) => succeed(ground, ['import', ground.project, scans(ground)]),
  begin: (ground) => begun(ground, 'recognise', ground.project),
  async finish(ground) {
    await succeed(ground, ['recognise', ground.project])
    return look(ground, (_db, count) => [
      ...expected('read fields', count('SELECT count(*) FROM fields WHERE reading_id IS NOT NULL'), images),
      ...expected('failed readings', count(`SELECT count(*) FROM readings WHERE status = 'failed'`), 0)
    ])
  }
}

const formsOf = ({ setting }: Ground): string[] => {
  const samples = join(setting.settings.samplesDir, 'forms')
  return [join(samples, 'pages'), '--template', join(samples, 'template.json')]
}
const forms: Kind = {
  name: 'forms',
  longest: 9000,
  prepare: () => Promise.resolve(),
  begin: (ground) => begun(ground, 'import', ground.project, ...formsOf(ground)),
  async finish(ground) {
    await succeed(ground, ['import', ground.project, ...formsOf(ground)])
    const pages = readdirSync(formsOf(ground)[0]!).length
    return look(ground, (db, count) => [
      ...expected('pages', count('SELECT count(*) FROM pages'), pages),
      ...db.prepare<[], string>(notDone).pluck().all()
    ])
  }
}
const notDone = `SELECT 'page ' || s.path || ' ' || p.status || coalesce(': ' || p.reason, '') || ', events '
    || coalesce((SELECT group_concat(what || ' ' || coalesce(note, ''), '; ') FROM page_events WHERE page_id = p.id), 'none')
  FROM pages p JOIN sources s ON s.id = p.source_id WHERE p.status IN ('pending', 'failed')`

const exportOf = ({ project, folder }: Ground): string[] => {
  const parts = ['--split', '80/10/10', '--rows', 'all', '--force']
  return ['export', project, '--out', join(folder, 'set'), ...parts]
}
const exporting: Kind = {
  name: 'export',
  longest: 2500,
  prepare(ground) {
    closeStore(makeProject(ground.project, { fields, labelled: 1 }))
    return succeed(ground, exportOf(ground))
  },
  begin: (ground) => begun(ground, ...exportOf(ground)),
  async finish(ground) {
    const names = readdirSync(join(ground.folder, 'set')).filter((name) => name.endsWith('.csv'))
    await succeed(ground, exportOf(ground))
    const rows = names.map((name) => (parse(readFileSync(join(ground.folder, 'set', name))) as unknown[]).length - 1)
    return [
      ...expected('files after the kill', names.length, 3),
      ...expected(
        'rows in the parts',
        rows.reduce((total, count) => total + count, 0),
        fields
      ),
      ...(rows.some((count) => count === 0) ? ['an empty part'] : [])
    ]
  }
}

/** A project as the first Nomina left it, with decisions. */
function makeOldProject({ project }: Ground): void {
  const db = openStore(project, { create: true, migrations: migrations.slice(0, 1) })
  const at = '2026-01-02T03:04:05.000Z'
  db.exec(`INSERT INTO roots VALUES (1, '/scans');
    INSERT INTO runs (id, kind, status, parameters, pid, heartbeat, started_at) VALUES (1, 'import', 'done', '{}', 1, '${at}', '${at}');
    WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${oldFields})
    INSERT INTO sources (id, root_id, path, size, modified_ms, sha256, format, status, run_id, added_at)
      SELECT i, 1, i || '.png', 1, 0, printf('%064d', i), 'png', 'ok', 1, '${at}' FROM n;
    INSERT INTO fields (id, source_id, position) SELECT id, id, id FROM sources;
    INSERT INTO actions (id, kind, size, reviewer, at) SELECT id, 'decide', 1, 'Ada', '${at}' FROM sources;
    INSERT INTO decisions (id, action_id, field_id, kind, text, origin, reviewer, at)
      SELECT id, id, id, 'corrected', 'NAME ' || id, 'person', 'Ada', '${at}' FROM sources;
    UPDATE fields SET status = 'corrected', text = 'NAME ' || id, origin = 'decision', decision_id = id;`)
  closeStore(db)
}
const migrating: Kind = {
  name: 'migration',
  longest: 4000,
  prepare: (ground) => Promise.resolve(makeOldProject(ground)),
  begin: (ground) => begun(ground, 'recognise', ground.project),
  finish(ground) {
    const faults = look(ground, (_db, count) => [
      ...expected('decisions', count('SELECT count(*) FROM decisions'), oldFields),
      ...expected('decided fields', count(`SELECT count(*) FROM fields WHERE status = 'corrected'`), oldFields)
    ])
    const backups = readdirSync(ground.project).filter((name) => name.endsWith('.backup'))
    const whole = backups.every((name) => {
      const db = new BetterSqlite3(join(ground.project, name), { readonly: true })
      const kept = db.prepare<[], number>('SELECT count(*) FROM decisions').pluck().get()
      db.close()
      return kept === oldFields
    })
    return Promise.resolve([...faults, ...(backups.length && whole ? [] : ['no whole backup'])])
  }
}

interface Deciding extends Work {
  log: Sent[]
  bulk?: { request: string; told: boolean }
}

const all = Array.from({ length: fields }, (_, index) => index + 1)
const every = (ids: number[], step: number, first: number): number[] => ids.filter((id) => id % step === first)

/** Two shells on one project, people in both; one is killed, the other goes on. */
const single: Kind = {
  name: 'single decisions',
  longest: 2500,
  prepare: (ground) => Promise.resolve(closeStore(makeProject(ground.project, { fields }))),
  async begin(ground) {
    const [one, other] = await serveTwice(ground)
    return deciding(one, other, [decideAll.bind(null, one, every(all, 3, 0), 'ONE')])
  },
  finish: (ground, work) => Promise.resolve(look(ground, (db) => wrongDecisions(db, (work as Deciding).log)))
}

function deciding(killed: Server, other: Server, more: ((log: Sent[]) => Promise<void>)[]): Deciding {
  const log: Sent[] = []
  const at = [...more, decideAll.bind(null, other, every(all, 3, 1), 'OTHER')].map((decide) => decide(log))
  void Promise.all(at).catch((error: unknown) => log.push({ request: '', id: 0, text: String(error), told: true }))
  return {
    child: killed.child,
    log,
    async stop() {
      other.child.kill('SIGTERM')
      await Promise.allSettled(at)
    }
  }
}

/** A bulk on all fields, single decisions in the same shell and in another; what was killed is sent again. */
const bulk: Kind = {
  name: 'bulk decisions',
  longest: 2500,
  prepare: (ground) => Promise.resolve(closeStore(makeProject(ground.project, { fields, labelled: 1, decided: 0 }))),
  async begin(ground) {
    const [one, other] = await serveTwice(ground)
    const asked = { request: randomUUID(), told: false }
    const accept = one.call('review.decide', { ids: all, kind: 'accepted', request: asked.request })
    accept.then(({ ok }) => (asked.told = ok)).catch(() => {})
    return { ...deciding(one, other, [decideAll.bind(null, one, every(all, 3, 0).reverse(), 'ONE')]), bulk: asked }
  },
  async finish(ground, work) {
    const { log, bulk: asked } = work as Deciding
    const again = await serve(ground)
    const reply = await again.call('review.decide', { ids: all, kind: 'accepted', request: asked!.request })
    again.child.kill('SIGTERM')
    await new Promise((resolve) => again.child.once('close', resolve))
    return look(ground, (db, count) => [
      ...(reply.ok ? [] : [`the bulk sent again was refused: ${reply.error!.message}`]),
      ...wrongDecisions(db, log),
      ...expected('fields without a decision', count(`SELECT count(*) FROM fields WHERE status = 'undecided'`), 0),
      ...expected('acts that say another number than they have', count(wrongSizes), 0),
      ...expected('bulks', count(`SELECT count(*) FROM actions WHERE request = '${asked!.request}'`), 1)
    ])
  }
}
const wrongSizes = `SELECT count(*) FROM actions a WHERE size <> (SELECT count(*) FROM decisions WHERE action_id = a.id)`

export const kinds: readonly Kind[] = [importing, single, reading, bulk, exporting, forms, migrating, learning]
