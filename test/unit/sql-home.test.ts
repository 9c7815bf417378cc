/** SQL is prepared in `src/core/store` alone; files that still do so elsewhere get fewer, and none is added. */
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const prepares = /\.prepare\s*[<(]|\b(?:reading|writing)(?:<|\(db)/g

test('no further SQL is prepared outside the store', () => {
  const elsewhere = globSync('src/**/*.ts', { cwd: root })
    .filter((file) => !file.replaceAll('\\', '/').startsWith('src/core/store/'))
    .map((file) => readFileSync(join(root, file), 'utf8').match(prepares)?.length ?? 0)
  const statements = elsewhere.reduce((sum, count) => sum + count, 0)
  expect(statements, 'Put it into src/core/store: plain functions over an open database.').toBeLessThanOrEqual(7)
})
