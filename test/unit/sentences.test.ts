/** Failures are told in every language by key and values; sentences known in English only get fewer. */
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { afterEach, describe, expect, test, vi } from 'vitest'
import french from '../../src/renderer/src/i18n/fr/core.json'
import { NominaError, say } from '../../src/shared/failure'
import sentences from '../../src/shared/sentences.json'

const root = resolve(import.meta.dirname, '../..')
const placesIn = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort()

interface Saying {
  at: string
  key: string
  values: string[]
}

/** Every `say(…)` of the program, and how many failures are made of an English sentence. */
function readSources(): { sayings: Saying[]; inEnglishOnly: string[] } {
  const sayings: Saying[] = []
  const inEnglishOnly: string[] = []
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    const says = /\bsay\b[^}]*\} from '[^']*failure'/.test(text)
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      if (says && ts.isCallExpression(node) && node.expression.getText() === 'say') {
        const [key, values] = node.arguments
        const names = values && ts.isObjectLiteralExpression(values) ? values.properties : []
        sayings.push({
          at: file,
          key: key && ts.isStringLiteral(key) ? key.text : '',
          values: names.map((property) => property.name!.getText()).sort()
        })
      }
      if (ts.isNewExpression(node) && node.expression.getText() === 'NominaError') {
        const message = node.arguments?.[1]
        if (message && !(ts.isCallExpression(message) && message.expression.getText() === 'say'))
          inEnglishOnly.push(`${file}: ${message.getText().slice(0, 60)}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return { sayings, inEnglishOnly }
}

const { sayings, inEnglishOnly } = readSources()

describe('a sentence', () => {
  test('has the same places in both languages', () => {
    const places = (texts: Record<string, string>) =>
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, placesIn(text)]))
    expect(places(french)).toEqual(places(sentences))
  })

  test('is given a value for each of its places, and no other', () => {
    expect(sayings.length).toBeGreaterThan(50)
    const wrong = sayings.filter(
      ({ key, values }) => placesIn(sentences[key as keyof typeof sentences] ?? '?').join() !== values.join()
    )
    expect(wrong).toEqual([])
  })

  test('is said by its key where it is new: those in English only get fewer', () => {
    expect(inEnglishOnly.length, 'Use say(KEY, values) with a sentence in both languages.').toBeLessThanOrEqual(205)
  })
})

describe('what the app says', () => {
  const i18n = join(root, 'src/renderer/src/i18n')
  const leaves = (texts: unknown): string[] =>
    typeof texts === 'string' ? [texts] : Object.values(texts as object).flatMap(leaves)
  const said = (language: string): string[] =>
    globSync(`${language}/*.json`, { cwd: i18n }).flatMap((file) =>
      leaves(JSON.parse(readFileSync(join(i18n, file), 'utf8')))
    )

  test('is set as French is: no line breaks before a sign, and no typewriter’s apostrophe', () => {
    expect(said('fr').filter((text) => /['"]| [:;!?%×»](?!\w)|«[^\u00a0]|[^\u00a0]»/.test(text))).toEqual([])
  })
  test('has one word for what reads: a reader', () => {
    const texts = [...said('en'), ...Object.values(sentences)].map((text) => text.replace(/\{\{\w+\}\}/g, ''))
    expect(texts.filter((text) => /\bmodels?\b|[a-z]'[a-z]/i.test(text))).toEqual([])
  })
})

describe('a failure', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  const failure = new NominaError('not-found', say('noFile', { path: '/home/ada/{{path}}.csv' }))

  test('is English for logs and the command line', () => {
    expect(failure.message).toBe('There is no file /home/ada/{{path}}.csv.')
  })

  test('is French in a French window', async () => {
    vi.resetModules()
    vi.stubGlobal('localStorage', { getItem: () => 'fr' })
    const { inWords } = await import('../../src/renderer/src/i18n/core')
    const { code, message, said } = failure
    expect(inWords({ code, message: `${message} and more`, said: said! })).toContain('Il n’y a pas de fichier')
    expect(inWords({ code, message: 'Something rare.' })).toBe('Something rare.')
  })
})
