import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`)
const sheets = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...sheets, ...decisions]

/** Paths of the repository in backticks, without a wildcard; a file or folder of a fresh checkout. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:src|test|training|bench|scripts|resources|docs)\/[\w./-]+)`/g)].map(([, path]) => path!)
const linksIn = (text: string): string[] => [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path!)

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8')

  it('names only files and folders that are there', () => {
    expect(pathsIn(text).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('links only to files that are there', () => {
    const folder = dirname(join(root, document))
    expect(linksIn(text).filter((path) => !existsSync(join(folder, path)))).toEqual([])
  })
})

it('names in SECURITY.md the versions of the lock file: who changes one looks for advisories again, and dates it', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  const [, listed] = /Of the lock file on \d{4}-\d\d-\d\d[^:]*: ([^\n]+)\.\n/.exec(text)!
  const named = listed!.split(' · ').map((entry) => entry.split(' ') as [string, string])
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)).toEqual([])
})
