/** The texts of the interface: both languages say the same things, all of them are used, and no view has texts of its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse, type AST } from 'svelte/compiler'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../src/renderer/src')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(svelte|ts)$/.test(file) && !/^i18n.(en|fr)/.test(file))
  .map((file) => ({ file: relative(root, join(root, file)), text: readFileSync(join(root, file), 'utf8') }))

type Texts = { [key: string]: string | Texts }

/** The areas of a language: `common`, `review`, … */
const areasOf = (language: string): Texts =>
  Object.fromEntries(
    readdirSync(join(root, 'i18n', language))
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        file.replace('.json', ''),
        JSON.parse(readFileSync(join(root, 'i18n', language, file), 'utf8')) as Texts
      ])
  )
// What the core says in English is where the core says it from.
const en: Texts = {
  ...areasOf('en'),
  core: JSON.parse(readFileSync(join(root, '../../shared/sentences.json'), 'utf8')) as Texts
}

/** `import:run.paused` → its texts; those of a plural stand together under the key that code uses. */
function textsByKey(areas: Texts): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const walk = (texts: Texts, path: string): void => {
    for (const [name, value] of Object.entries(texts)) {
      const key = path + name.replace(/_(zero|one|other|many)$/, '')
      if (typeof value === 'string') found.set(key, [...(found.get(key) ?? []), value])
      else walk(value, path === '' ? `${name}:` : `${key}.`)
    }
  }
  walk(areas, '')
  return found
}

const variables = (texts: readonly string[]): string[] =>
  [...new Set(texts.flatMap((text) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]!)))].sort()

const english = textsByKey(en)
const french = textsByKey(areasOf('fr'))

describe('the two languages', () => {
  it('have the same keys', () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort())
  })
  it('put the same values into their texts', () => {
    const other = [...english].filter(([key, texts]) => {
      return variables(texts).join() !== variables(french.get(key) ?? []).join()
    })
    expect(other.map(([key]) => key)).toEqual([])
  })
  it('leave no text empty', () => {
    const empty = [...english, ...french].filter(([, texts]) => texts.some((text) => text.trim() === ''))
    expect(empty.map(([key]) => key)).toEqual([])
  })
})

describe('sentences of the core', () => {
  it('that are translated are still said by it', () => {
    const folders = ['core', 'reading', 'serve', 'shared'].map((name) => join(root, '../..', name))
    const said = folders
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
      .filter((file) => file.endsWith('.ts'))
      // What is written in several lines is one text.
      .map((file) => readFileSync(file, 'utf8').replace(/(['`]) \+\s+['`]/g, ''))
    const lost = Object.entries(en.core as Record<string, string>).filter(([key, text]) => {
      if (said.some((source) => source.includes(`'${key}'`))) return false
      const parts = text.split(/\{\{\w+\}\}/)
      return !said.some((source) => parts.every((part) => source.includes(part)))
    })
    expect(lost).toEqual([])
  })
})

describe('keys', () => {
  const areas = Object.keys(en).join('|')
  const literal = new RegExp(`(['"])((?:${areas}):[\\w.]+)\\1|\`((?:${areas}):[^\`]*)\``, 'g')
  const used = sources.flatMap(({ file, text }) =>
    [...text.matchAll(literal)].map((match) => ({ file, key: match[2] ?? match[3]! }))
  )
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const patternOf = (key: string): RegExp =>
    new RegExp(
      `^${key
        .split(/\$\{[^}]*\}/)
        .map(escaped)
        .join('.+')}$`
    )

  it('that code uses are there', () => {
    const keys = [...english.keys()]
    const lost = used.filter(({ key }) => {
      if (!key.includes('${')) return !english.has(key)
      const pattern = patternOf(key)
      return !keys.some((known) => pattern.test(known))
    })
    expect(lost).toEqual([])
  })
  it('that are there are used', () => {
    const patterns = used.filter(({ key }) => key.includes('${')).map(({ key }) => patternOf(key))
    const plain = new Set(used.map(({ key }) => key))
    const idle = [...english.keys()].filter((key) => !plain.has(key) && !patterns.some((pattern) => pattern.test(key)))
    expect(idle).toEqual([])
  })
})

/** Attributes and properties of our components that people see or hear. */
const spoken = new Set([
  'aria-label',
  'title',
  'placeholder',
  'alt',
  'label',
  'description',
  'text',
  'aria-description'
])
/** What is the same in every language: a caption on the drawn paper of the first screen, ends of file names, units. */
const everywhereTheSame = new Set(['NOM', 'onnx', 'json', 'px', 'CSV'])

const wordsIn = (text: string): string[] =>
  (text.match(/\p{L}{2,}/gu) ?? []).filter((word) => !everywhereTheSame.has(word))

interface Node {
  type: string
  [key: string]: unknown
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
const childrenOf = (node: Node): Node[] =>
  Object.entries(node).flatMap(([key, value]) => (key === 'metadata' ? [] : [value].flat().filter(isNode)))

/** Texts that an expression may come to, other than what `t` and other calls give. */
function literalsOf(node: Node): string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : []
  if (node.type === 'TemplateElement') return [(node.value as { cooked: string }).cooked]
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate].filter(isNode).flatMap(literalsOf)
  if (['CallExpression', 'BinaryExpression', 'MemberExpression', 'ArrowFunctionExpression'].includes(node.type))
    return []
  return childrenOf(node).flatMap(literalsOf)
}

function textsOfMarkup(node: Node): string[] {
  if (node.type === 'Text') return [node.data as string]
  if (node.type === 'ExpressionTag') return isNode(node.expression) ? literalsOf(node.expression) : []
  if (node.type.endsWith('Directive')) return []
  if (node.type === 'Attribute') {
    if (!spoken.has(node.name as string)) return []
    return [node.value].flat().filter(isNode).flatMap(textsOfMarkup)
  }
  return childrenOf(node).flatMap(textsOfMarkup)
}

describe('texts', () => {
  it('of the views are none of their own', () => {
    const own = sources
      .filter(({ file }) => file.endsWith('.svelte'))
      .flatMap(({ file, text }) => {
        const { fragment } = parse(text, { modern: true }) as AST.Root
        const found = textsOfMarkup(fragment as unknown as Node).filter((said) => wordsIn(said).length > 0)
        return found.map((said) => `${file}: ${said.trim()}`)
      })
    expect(own).toEqual([])
  })
  it('of the code are none of their own: no string in it reads like a sentence', () => {
    const sentence = /^(?:\p{Lu}\p{Ll}+(?:['’]\p{L}+)?[,:]?|\p{Ll}+) \p{L}/u
    const own = sources.flatMap(({ file, text }) => {
      const script = file.endsWith('.ts') ? text : (/<script[^>]*>([^]*?)<\/script>/.exec(text)?.[1] ?? '')
      const found: string[] = []
      const walk = (node: ts.Node): void => {
        // A fault of ours is told in English, to us.
        if (ts.isThrowStatement(node) || ts.isImportDeclaration(node)) return
        if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && sentence.test(node.text)) found.push(node.text)
        ts.forEachChild(node, walk)
      }
      walk(ts.createSourceFile(file, script, ts.ScriptTarget.Latest, true))
      return found.map((said) => `${file}: ${said}`)
    })
    expect(own).toEqual([])
  })
})
