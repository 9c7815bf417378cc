/** Copies of a project: each knows which one it is. */
import { cpSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyOf, identify } from '../../src/core/project/identity'
import { closeStore, openStore } from '../../src/core/store'
import { temporaryFolder } from '../fixtures/small-project'

function opened(folder: string) {
  const db = openStore(folder, { create: false })
  const found = { identity: identify(db), copyOf: copyOf(db) }
  closeStore(db)
  return found
}

function original() {
  const root = temporaryFolder()
  const first = join(root, 'parish')
  mkdirSync(first)
  closeStore(openStore(first, { create: true }))
  return { root, first, identity: opened(first).identity }
}

test('a folder that was moved is the same project', () => {
  const { root, first, identity } = original()
  renameSync(first, join(root, 'moved'))
  expect(opened(join(root, 'moved'))).toEqual({ identity, copyOf: null })
})

test('a copy knows that it is one, and of what; the first stays what it was', () => {
  const { root, first, identity } = original()
  const second = join(root, 'copy')
  cpSync(first, second, { recursive: true })
  const copy = opened(second)
  expect(copy.identity).not.toBe(identity)
  expect(copy.copyOf).toMatchObject({ path: first })
  expect(opened(first)).toEqual({ identity, copyOf: null })
  // It is told once: opened again it is a project of its own.
  expect(opened(second)).toEqual(copy)
  const third = join(root, 'copy of the copy')
  cpSync(second, third, { recursive: true })
  expect(opened(third).copyOf).toMatchObject({ path: second })
})
