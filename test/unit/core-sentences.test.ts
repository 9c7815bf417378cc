import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const sources = resolve(import.meta.dirname, '../../src')

/** What translators know of the core's sentences is what it says: a reworded one would stay English unseen. */
it('the core still says every sentence that is translated', () => {
  const said = ['core', 'serve', 'shared']
    .flatMap((part) =>
      readdirSync(join(sources, part), { recursive: true, encoding: 'utf8' }).map((name) => join(sources, part, name))
    )
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    // What is written in several lines is one text.
    .map((text) => text.replace(/['`] \+\s+['`]/g, ''))
    .join('\n')
  const known = JSON.parse(readFileSync(join(sources, 'renderer/src/i18n/en/core.json'), 'utf8')) as object
  const parts = (text: string): string[] => text.split(/\{\{\w+\}\}/).filter((part) => part.trim().length > 1)
  const unsaid = Object.values<string>({ ...known }).filter((text) => !parts(text).every((part) => said.includes(part)))
  expect(unsaid).toEqual([])
})
