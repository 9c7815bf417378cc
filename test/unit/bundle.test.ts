import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const built = resolve(import.meta.dirname, '..', '..', 'out', 'main')

/** What a built script imports, at once or later, followed through its chunks: names of packages. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const waiting = [join(built, entry)]
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const code = readFileSync(path, 'utf8')
    for (const [, named] of code.matchAll(/(?:\bfrom|\bimport|\brequire|\bresolve)\s*\(?\s*["']([^"'\n]+)["']/g)) {
      if (!named!.startsWith('.')) packages.add(named!)
      else if (existsSync(resolve(dirname(path), named!))) waiting.push(resolve(dirname(path), named!))
    }
  }
  return packages
}

test.each(['index.js', 'cli.js'])('the shell in %s reaches no decoder of images, sharp least of all', (entry) => {
  const packages = packagesOf(entry)
  expect(packages).toContain('better-sqlite3')
  for (const name of ['sharp', '@napi-rs/canvas', 'fast-png', '@cwasm/jpeg-turbo/jpeg-turbo.wasm', 'onnxruntime-node'])
    expect(packages).not.toContain(name)
})

test('only the desktop app knows the updater, and loads it when it is asked for', () => {
  expect(packagesOf('index.js')).toContain('electron-updater')
  for (const entry of ['cli.js', 'engine.js', 'pages.js', 'migrator.js'])
    expect(packagesOf(entry)).not.toContain('electron-updater')
  const chunk = readdirSync(join(built, 'chunks')).find((name) => name.startsWith('desktop-'))!
  expect(readFileSync(join(built, 'chunks', chunk), 'utf8')).not.toMatch(/(from|import) ?['"]electron-updater/)
})

test('the processes of reading do reach it: the shells are looked at in the same way', () => {
  expect(packagesOf('engine.js')).toContain('sharp')
  expect(packagesOf('pages.js')).toContain('sharp')
})
