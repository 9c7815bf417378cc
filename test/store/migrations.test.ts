/** Projects of every earlier schema open with their decisions. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { importPaths } from '../../src/core/ingest'
import { queueIds, readRows } from '../../src/core/review'
import { closeStore, databaseName, deriveFields, immediate, openStore, type Database } from '../../src/core/store'
import { migrate } from '../../src/core/store/migrate'
import { migrations } from '../../src/core/store/migrations'
import { folder, picture, runControl } from '../fixtures/scans'
import { reopen } from '../fixtures/small-project'
import { createHash } from 'node:crypto'

const at = '2026-01-02T03:04:05.000Z'

/**
 * A project as version `version` made it: three files, each decided; the second was changed at some time, the third was decided
 * together with the second, and the first blind where that was known.
 */
async function oldProject(version: number): Promise<{ project: string; scans: string }> {
  const project = folder()
  const scans = folder()
  mkdirSync(project, { recursive: true })
  const db = new BetterSqlite3(join(project, databaseName))
  migrate(db, migrations.slice(0, version))
  db.exec(`
    INSERT INTO runs (id, kind, status, parameters, pid, heartbeat, started_at) VALUES (1, 'import', 'done', '{}', 1, '${at}', '${at}');
    INSERT INTO actions (id, kind, size, reviewer, at) VALUES (1, 'decide', 1, 'Ada', '${at}'), (2, 'decide', 2, 'Ada', '${at}')`)
  db.prepare('INSERT INTO roots (id, path) VALUES (1, ?)').run(scans)
  for (const id of [1, 2, 3]) {
    const bytes = await picture(id).png().toBuffer()
    writeFileSync(join(scans, `${id}.png`), bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    db.prepare(
      `INSERT INTO sources (id, root_id, path, size, modified_ms, sha256, format, status, changed, run_id, added_at)
       VALUES (?, 1, ?, ?, 0, ?, 'png', 'ok', ?, 1, ?)`
    ).run(id, `${id}.png`, bytes.length, sha256, id === 2 ? 1 : 0, at)
    db.prepare('INSERT INTO images (id, sha256, width, height) VALUES (?, ?, 40, 10)').run(id, sha256)
    db.prepare('INSERT INTO fields (id, source_id, position, image_id) VALUES (?, ?, ?, ?)').run(id, id, id * 16, id)
    db.prepare(
      `INSERT INTO decisions (action_id, field_id, kind, text, origin, reviewer, at) VALUES (?, ?, 'corrected', ?, 'person', 'Ada', ?)`
    ).run(id === 1 ? 1 : 2, id, `NAME ${id}`, at)
  }
  if (version >= 3) db.exec('INSERT INTO blind_decisions (decision_id) VALUES (1)')
  db.close()
  return { project, scans }
}

function opened(project: string): Database {
  const db = reopen(project)
  immediate(db, () => deriveFields(db, 'all', null))
  return db
}

const texts = (db: Database) =>
  readRows(db, [1, 2, 3]).map(({ text, status }) => (status === 'corrected' ? text : null))

describe.each(migrations.slice(0, 7).map(({ version }) => version))('a project of schema %i', (version) => {
  test('opens with its decisions, as made on what is there now; a backup is kept', async () => {
    const { project, scans } = await oldProject(version)
    const db = opened(project)
    expect(texts(db)).toEqual(['NAME 1', 'NAME 2', 'NAME 3'])
    expect(readdirSync(project).filter((name) => name.endsWith('.backup'))).toHaveLength(1)
    // Those on a file that had changed are listed as doubtful.
    expect(queueIds(db, { filter: { doubtful: true }, order: 'file' })).toEqual([2])
    expect(queueIds(db, { filter: { search: 'name 2' }, order: 'file' })).toEqual([2])
    expect(db.prepare('SELECT seen FROM decisions ORDER BY id').pluck().all()).toEqual([
      version >= 3 ? 'blind' : 'field',
      'tile',
      'tile'
    ])
    await importPaths(db, { paths: [scans], labels: null }, runControl(db))
    expect(texts(db)).toEqual(['NAME 1', 'NAME 2', 'NAME 3'])
    writeFileSync(join(scans, '1.png'), await picture(9).png().toBuffer())
    await importPaths(db, { paths: [scans], labels: null }, runControl(db))
    expect(texts(db)).toEqual([null, 'NAME 2', 'NAME 3'])
  })
})

test('pages of an earlier project are decided on what they show now', async () => {
  const project = folder()
  const db = new BetterSqlite3(join(project, databaseName))
  migrate(db, migrations.slice(0, 7))
  db.exec(`
    INSERT INTO runs (id, kind, status, parameters, pid, heartbeat, started_at) VALUES (1, 'import', 'done', '{}', 1, '${at}', '${at}');
    INSERT INTO roots (id, path) VALUES (1, '/scans');
    INSERT INTO sources (id, root_id, path, size, modified_ms, sha256, format, status, as_pages, run_id, added_at)
      VALUES (1, 1, 'lot.pdf', 1, 0, 'ab', 'pdf', 'ok', 1, 1, '${at}'), (2, 1, 'copy.pdf', 1, 0, 'ab', 'pdf', 'ok', 1, 1, '${at}');
    INSERT INTO pages (id, source_id, number, status) VALUES (1, 1, 1, 'matched'), (2, 1, 2, 'matched'), (3, 2, 1, 'matched');
    INSERT INTO fields (id, source_id, page, name, page_id, quad) VALUES (1, 1, 1, 'name', 1, '[1,2,3,4,5,6,7,8]'), (2, 1, 2, 'name', 2, NULL);
    INSERT INTO actions (id, kind, size, reviewer, at) VALUES (1, 'decide', 300, 'Ada', '${at}');
    INSERT INTO decisions (action_id, field_id, kind, text, origin, reviewer, at)
      VALUES (1, 1, 'corrected', 'ANNA', 'person', 'Ada', '${at}'), (1, 2, 'corrected', 'BEA', 'person', 'Ada', '${at}')`)
  db.close()
  const now = opened(project)
  expect(readRows(now, [1, 2]).map(({ text }) => text)).toEqual(['ANNA', 'BEA'])
  expect(now.prepare('SELECT content_id, quad, seen FROM decisions ORDER BY id').raw().all()).toEqual([
    [1, '[1,2,3,4,5,6,7,8]', 'unseen'],
    [2, null, 'unseen']
  ])
  expect(now.prepare('SELECT content_id FROM pages ORDER BY id').pluck().all()).toEqual([1, 2, 1])
})

test.each([0, 9])('words of the program are listed by no large table: from schema %i', (version) => {
  const project = folder()
  mkdirSync(project, { recursive: true })
  const old = new BetterSqlite3(join(project, databaseName))
  migrate(old, migrations.slice(0, version))
  old.close()
  const db = openStore(project, { create: version === 0 })
  const tables = db.prepare<[], string>(
    `SELECT name FROM sqlite_schema WHERE name IN ('runs', 'decisions', 'fields', 'labels') AND
       (sql LIKE '%CHECK (kind IN%' OR sql LIKE '%CHECK (state IN%' OR sql LIKE '%state IN (%' OR sql LIKE '%CHECK (status IN (''undecided''%')`
  )
  expect(tables.pluck().all()).toEqual([])
  db.exec(`
    INSERT INTO runs (id, kind, status, parameters, pid, heartbeat, started_at) VALUES (1, 'new-kind', 'done', '{}', 1, '${at}', '${at}');
    INSERT INTO roots (id, path) VALUES (1, '/scans');
    INSERT INTO sources (id, root_id, path, size, modified_ms, sha256, format, status, as_pages, run_id, added_at)
      VALUES (1, 1, 'a.png', 1, 0, 'ab', 'png', 'ok', 0, 1, '${at}');
    INSERT INTO fields (id, source_id, status) VALUES (1, 1, 'new-state'), (2, 1, 'undecided') ON CONFLICT DO NOTHING;
    UPDATE fields SET status = 'newer-state' WHERE id = 1;
    INSERT INTO actions (id, kind, size, reviewer, at) VALUES (1, 'decide', 1, 'Ada', '${at}');
    INSERT INTO decisions (action_id, field_id, kind, origin, reviewer, at, seen) VALUES (1, 1, 'new-kind', 'person', 'Ada', '${at}', 'field')`)
  expect(db.prepare(`SELECT status, count FROM tallies WHERE status LIKE 'new%' ORDER BY status`).raw().all()).toEqual([
    ['new-state', 0],
    ['newer-state', 1]
  ])
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  closeStore(db)
  expect(reopen(project).prepare('SELECT kind FROM decisions').pluck().get()).toBe('new-kind')
})
