import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolders } from '../../src/core/store/folders'
import { temporaryFolder } from '../fixtures/small-project'

test('folders are made with those above them, and found where they are there', () => {
  const folder = join(temporaryFolder(), 'a', 'b', 'c')
  expect(makeFolders(folder)).toBe(true)
  expect(existsSync(folder)).toBe(true)
  expect(makeFolders(folder)).toBe(false)
})

test('what can’t be made is an error: in a file, and where the file system says that the folder above is not there', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(() => makeFolders(file)).toThrow(/EEXIST/)
  expect(() => makeFolders(join(file, 'a'))).toThrow(/ENOTDIR/)
})

test.runIf(process.platform === 'linux')('nothing hangs below /proc, where Node’s own way does', () => {
  expect(() => makeFolders('/proc/nope/a')).toThrow(/ENOENT/)
})
