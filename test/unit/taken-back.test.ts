import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyAway, renameProject, trashProject } from '../../src/core/sessions/taken-back'
import { closeStore, openStore } from '../../src/core/store'
import { ensureRoot, listRoots } from '../../src/core/store/sources'
import { temporaryFolder } from '../fixtures/small-project'

function made(): { parent: string; path: string } {
  const parent = temporaryFolder()
  const path = join(parent, 'Parish')
  closeStore(openStore(path, { create: true }))
  mkdirSync(join(path, 'crops'))
  return { parent, path }
}

it('a project gets another name, and nothing is overwritten', async () => {
  const { parent, path } = made()
  expect(await renameProject(path, 'Parish 1787')).toBe(join(parent, 'Parish 1787'))
  expect([existsSync(path), existsSync(join(parent, 'Parish 1787', 'nomina.db'))]).toEqual([false, true])
  mkdirSync(join(parent, 'Taken'))
  const now = join(parent, 'Parish 1787')
  await expect(renameProject(now, 'Taken')).rejects.toMatchObject({ code: 'exists' })
  for (const name of ['a/b', '..', 'a:b'])
    await expect(renameProject(now, name)).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(renameProject(path, 'Gone')).rejects.toMatchObject({ code: 'not-found' })
  expect(readdirSync(parent).sort()).toEqual(['Parish 1787', 'Taken'])
})

it('a project moves with the scans in its folder, to another disk as well', async () => {
  const { parent, path } = made()
  mkdirSync(join(path, 'scans'))
  writeFileSync(join(path, 'scans', '1.jpg'), 'scan')
  const elsewhere = temporaryFolder()
  const db = openStore(path, { create: false })
  ensureRoot(db, join(path, 'scans'))
  ensureRoot(db, `${path} of others`)
  closeStore(db)
  const now = await renameProject(path, 'Moved', elsewhere)
  expect(now).toBe(join(elsewhere, 'Moved'))
  expect(existsSync(path)).toBe(false)
  const moved = openStore(now, { create: false })
  expect(listRoots(moved).map((root) => root.path)).toEqual([join(now, 'scans'), `${path} of others`])
  closeStore(moved)
  await expect(renameProject(now, 'Moved', join(now, 'scans'))).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(renameProject(now, 'Moved', join(elsewhere, 'none'))).rejects.toMatchObject({ code: 'not-found' })
  await copyAway(now, path)
  expect([existsSync(now), existsSync(join(path, 'scans', '1.jpg'))]).toEqual([false, true])
  await expect(copyAway(join(parent, 'none'), join(parent, 'Other'))).rejects.toThrow()
  expect(readdirSync(parent)).toEqual(['Parish'])
})

it('a project goes to the trash whole, and what a person keeps beside it stays', async () => {
  const { path } = made()
  const trashed: string[][] = []
  const toTrash = async (paths: string[]): Promise<void> => void trashed.push(paths)
  await trashProject(path, toTrash)
  for (const name of ['learning', 'models']) mkdirSync(join(path, name))
  writeFileSync(join(path, '.nomina-served.json'), '{}')
  writeFileSync(join(path, 'scan.jpg'), 'mine')
  await trashProject(path, toTrash)
  expect(trashed[0]).toEqual([path])
  const ours = ['.nomina-served.json', 'crops', 'learning', 'models', 'nomina.db']
  expect(trashed[1]!.sort()).toEqual(ours.map((name) => join(path, name)))
  await expect(trashProject(join(path, 'none'), toTrash)).rejects.toMatchObject({ code: 'not-found' })
  const failing = (): Promise<void> => Promise.reject(new Error('no trash here'))
  await expect(trashProject(path, failing)).rejects.toThrow(/no trash here/)
})
