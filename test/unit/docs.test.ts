import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
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
  [...text.matchAll(/`((?:src|test|training|bench|scripts|resources|docs|packaging)\/[\w./-]+)`/g)].map(
    ([, path]) => path!
  )
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

/** What a file or all files of a folder hold. */
const contentOf = (path: string): string =>
  statSync(path).isFile()
    ? readFileSync(path, 'utf8')
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n')

describe('Electron’s security checklist', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
  const rows = [...text.matchAll(/^\| (\d+) \| (.+?) \| (.+) \|$/gm)].map(([, number, point, where]) => ({
    number: Number(number),
    point: point!,
    where: where!
  }))
  const named = (words: string): string[] => [...words.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
  const main = contentOf(join(root, 'src/main'))

  it('has twenty points', () => expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))) // prettier-ignore

  it.each(rows)('$number: $point', ({ point, where }) => {
    const names = named(where)
    const tests = names.filter((name) => /^\w+(\.test)?\.ts$/.test(name)).map((name) => `test/contract/${name}`)
    const files = names.filter((name) => /^(package\.json|(src|test|packaging)\/.+)$/.test(name))
    expect(files.length).toBeGreaterThan(0)
    expect([...tests, ...files].filter((path) => !existsSync(join(root, path)))).toEqual([])
    const held = files.map((path) => contentOf(join(root, path))).join('\n')
    const things = names.filter((name) => !/[\w-]+\.(ts|mjs|json)$|\//.test(name))
    expect(things.filter((thing) => !held.includes(thing))).toEqual([])
    if (/never (set|called)/.test(where)) for (const name of named(point)) expect(main).not.toContain(name)
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
