/** The lists that are switched on, each column as a tree of what the project's model can write. */
import type { Manifest } from '../../reading/models'
import { classesOf } from '../../reading/decode/texts'
import type { Database } from '../store'
import { entriesAfter, readLexicons, type StoredLexicon } from '../store/lexicons'
import { Trie } from './trie'
import { writtenAs } from './written'
import { turn } from '../store/slices'

export interface List {
  lexicon: StoredLexicon
  /** The column of a roster; 0 of names. */
  place: number
  trie: Trie
}

/** Entries between two turns of the event loop. */
const PIECE = 5000

const kept = new WeakMap<Database, Map<string, Promise<Trie>>>()

/** All columns of all lists that are switched on. */
export async function openLists(
  db: Database,
  { charset, blank = 0 }: Pick<Manifest, 'charset' | 'blank'>
): Promise<List[]> {
  const lexicons = readLexicons(db).filter(({ enabled }) => enabled)
  const tries = keptOf(db, lexicons)
  const lists: List[] = []
  for (const lexicon of lexicons) {
    const places = lexicon.kind === 'roster' ? (lexicon.fields ?? []).length : 1
    for (let place = 0; place < places; place++) {
      const key = JSON.stringify([lexicon.id, lexicon.importedAt, place, blank, charset])
      const trie = tries.get(key) ?? buildTrie(db, lexicon.id, place, charset, blank)
      tries.set(key, trie)
      lists.push({ lexicon, place, trie: await trie })
    }
  }
  return lists
}

/** Those of lists that are gone or switched off are let go. */
function keptOf(db: Database, lexicons: StoredLexicon[]): Map<string, Promise<Trie>> {
  const tries = kept.get(db) ?? new Map<string, Promise<Trie>>()
  kept.set(db, tries)
  const wanted = new Set(lexicons.map(({ id, importedAt }) => `${id} ${importedAt}`))
  for (const key of tries.keys()) {
    const [id, importedAt] = JSON.parse(key) as [number, string]
    if (!wanted.has(`${id} ${importedAt}`)) tries.delete(key)
  }
  return tries
}

async function buildTrie(
  db: Database,
  lexiconId: number,
  place: number,
  charset: string[],
  blank: number
): Promise<Trie> {
  const trie = new Trie()
  const known = new Set(charset)
  for (let after = 0; ; await turn(db)) {
    const entries = entriesAfter(db, lexiconId, place, after, PIECE)
    for (const { id, text, count } of entries) {
      const written = writtenAs(text, known)
      const classes = written === null ? null : classesOf(written, charset, blank)
      if (classes?.length) trie.add(classes, count, id)
    }
    if (entries.length < PIECE) return trie
    after = entries.at(-1)!.id
  }
}

/** Whether a list is for a field of this name. */
export const isFor = ({ lexicon, place }: List, field: string): boolean =>
  lexicon.kind === 'roster'
    ? lexicon.fields?.[place] === field
    : lexicon.fields === null || lexicon.fields.includes(field)
