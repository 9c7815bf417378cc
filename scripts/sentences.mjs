// Every sentence of the app in English and French side by side, as CSV for a reader's eye: npm run --silent sentences > sentences.csv
// What is the same in both languages is marked: a name, or forgotten.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'

const folder = join(import.meta.dirname, '../src/renderer/src/i18n')

/** `[['menu.open', 'Open…'], …]` of nested objects. */
const leaves = (value, path = []) =>
  typeof value === 'string'
    ? [[path.join('.'), value]]
    : Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
/** What the core says in English is where it is said from. */
const pathOf = (language, file) =>
  language === 'en' && file === 'core.json'
    ? join(import.meta.dirname, '../src/shared/sentences.json')
    : join(folder, language, file)
const read = (language, file) => new Map(leaves(JSON.parse(readFileSync(pathOf(language, file), 'utf8'))))

const rows = readdirSync(join(folder, 'fr'))
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const [english, french] = [read('en', file), read('fr', file)]
    return [...new Set([...english.keys(), ...french.keys()])].map((key) => {
      const [en, fr] = [english.get(key) ?? '', french.get(key) ?? '']
      return [`${file.replace('.json', '')}:${key}`, en, fr, en === fr && /\p{L}{4}/u.test(en) ? 'same' : '']
    })
  })
process.stdout.write(stringify([['key', 'English', 'French', 'note'], ...rows]))
