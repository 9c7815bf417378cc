/** A project that a newer Nomina changed, opened here by the copy that it kept. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { writeBars } from '../fixtures/bars'
import { copyOlder } from '../../src/core/project'
import { closeStore, databaseName, openStore } from '../../src/core/store'

const opened: CommandLine[] = []
afterAll(() => opened.forEach((one) => one.remove()))

async function changedByNewer(): Promise<{ line: CommandLine; project: string }> {
  const line = await createCommandLine()
  opened.push(line)
  const project = join(line.folder, 'births')
  mkdirSync(join(line.folder, 'scans'))
  await writeBars(join(line.folder, 'scans', '1.png'), 'ABC')
  await line.run('import', project, join(line.folder, 'scans'))
  mkdirSync(join(project, 'crops'), { recursive: true })
  writeFileSync(join(project, 'crops', 'one'), 'a crop')
  const db = openStore(project, { create: false })
  const version = db.pragma('user_version', { simple: true }) as number
  db.prepare('VACUUM INTO ?').run(join(project, `${databaseName}.version-${version}-20260102T030405Z.backup`))
  db.pragma('user_version = 999')
  closeStore(db)
  return { line, project }
}

test('is a project of its own beside it, with what the newer one had of crops and models', async () => {
  const { line, project } = await changedByNewer()
  const before = readFileSync(join(project, databaseName))
  const refused = await line.run('status', project, '--json')
  expect(refused.json()).toMatchObject({ error: { code: 'newer-kept' } })
  const older = await copyOlder(project)
  expect(basename(older)).toBe('births-older')
  expect((await line.run('status', older, '--json')).json()).toMatchObject({ counts: { total: 1 } })
  expect(readFileSync(join(older, 'crops', 'one'), 'utf8')).toBe('a crop')
  expect(readFileSync(join(project, databaseName)).equals(before)).toBe(true)
  expect(basename(await copyOlder(project))).toBe('births-older-2')
  expect(readdirSync(line.folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('is refused where no copy is there, and makes nothing', async () => {
  const { line } = await changedByNewer()
  const folder = join(line.folder, 'none')
  const made = readdirSync(line.folder)
  await expect(copyOlder(folder)).rejects.toMatchObject({ code: 'not-found' })
  expect(existsSync(`${folder}-older`)).toBe(false)
  expect(readdirSync(line.folder)).toEqual(made)
})
