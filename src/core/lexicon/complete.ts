/** What a text that a person begins to type may become: from lists, the project's own decisions and the image. */
import type { Completion } from '../../shared/contract/lexicon'
import type { Alternative } from '../../shared/domain'
import { framesOfLattice, type Lattice } from '../../reading/decode/lattice'
import { logPosteriorOf } from '../../reading/decode/posterior'
import { classesOf, textOf } from '../../reading/decode/texts'
import { NominaError } from '../../shared/failure'
import type { Manifest } from '../../reading/models'
import { fold, type Database } from '../store'
import { readLattice } from '../store/lattices'
import { charsetOf } from '../store/models'
import { decidedWithPrefix, entriesWithPrefix } from '../store/lexicons'
import { isFor, openLists, type List } from './lists'
import { bestTexts } from './search'
import { fieldToComplete } from '../store/field-texts'
import { writtenAs } from './written'

/** Of each list: the most frequent with this beginning, and those that the image fits best. */
const MOST_FREQUENT = 60
const SEARCH = { width: 32, most: 12 }
/** Other readings that are less likely are mostly no words. */
const LEAST_ALTERNATIVE = 0.02
/** How much a nat of frequency counts beside one of the image. */
const FREQUENCY_WEIGHT = 0.3
/** Frequencies are of so many more: a name that occurs once in a short list is not frequent. */
const UNSEEN = 1000

/** Best first: by the image's evidence and the frequency together. @throws NominaError `not-found` */
export async function complete(
  db: Database,
  { id, prefix, limit }: { id: number; prefix: string; limit: number }
): Promise<Completion[]> {
  const field = fieldToComplete(db, id)
  if (!field) throw new NominaError('not-found', `There is no field with the number ${id}.`)
  const model = field.manifest === null ? null : (JSON.parse(field.manifest) as Manifest)
  const lists = (await openLists(db, model ?? { charset: [], blank: 0 })).filter((list) => isFor(list, field.name))
  const lattice = field.readingId === null ? null : readLattice(db, field.readingId)
  const found = new Found(field.readerId === null ? [] : charsetOf(db, field.readerId), lattice)
  for (const { text, count } of decidedWithPrefix(db, prefix, MOST_FREQUENT))
    found.add(text, 'project', null, count, null)
  for (const list of lists) addFromList(db, found, list, prefix, lattice)
  for (const { text, probability } of JSON.parse(field.alternatives ?? '[]') as Alternative[]) {
    if (probability >= LEAST_ALTERNATIVE) found.add(text, 'reading', null, 0, null)
  }
  return found.best(prefix, limit)
}

function addFromList(db: Database, found: Found, list: List, prefix: string, lattice: Lattice | null): void {
  const { lexicon, place, trie } = list
  const source = lexicon.kind === 'roster' ? 'roster' : 'lexicon'
  if (prefix !== '' || !lattice) {
    for (const { text, count } of entriesWithPrefix(db, lexicon.id, place, fold(prefix), MOST_FREQUENT)) {
      found.add(text, source, lexicon.name, count, lexicon.total)
    }
  }
  if (!lattice) return
  const { charset, blank } = lattice
  const written = prefix === '' ? '' : writtenAs(prefix, new Set(charset))
  const typed = written === null ? null : classesOf(written, charset, blank)
  if (!typed) return
  for (const classes of bestTexts(trie, framesOfLattice(lattice), blank, { ...SEARCH, prefix: typed })) {
    found.add(textOf(classes, charset, blank), source, lexicon.name, trie.countOf(classes), lexicon.total)
  }
}

class Found {
  private readonly byText = new Map<string, Completion & { rank: number }>()
  private readonly charset: ReadonlySet<string>

  constructor(
    /** Of the reader that the project began with: what a generation has learnt to write makes no other completions. */
    charset: readonly string[],
    private readonly lattice: Lattice | null
  ) {
    this.charset = new Set(charset)
  }

  /** A text found twice keeps the source that has it more often. @param total of the list; null: not a list */
  add(text: string, source: Completion['source'], lexicon: string | null, count: number, total: number | null): void {
    // As the reader would write it: a list of "Éloïse" completes a register in capitals with "ELOISE".
    const ofList = source === 'lexicon' || source === 'roster'
    const written = ofList ? (writtenAs(text, this.charset) ?? text) : text
    const key = fold(written)
    const known = this.byText.get(key)
    if (known && known.count >= count) return
    const evidence = known ? known.evidence : this.evidenceOf(written)
    const frequency = (count + 1) / ((total ?? 0) + UNSEEN)
    const rank = (evidence ?? 0) + FREQUENCY_WEIGHT * Math.log(frequency)
    this.byText.set(key, {
      text: known?.source === 'project' ? known.text : written,
      source,
      lexicon,
      count,
      evidence,
      rank
    })
  }

  best(prefix: string, limit: number): Completion[] {
    const begins = fold(prefix)
    return [...this.byText]
      .filter(([key]) => key.startsWith(begins) && key !== begins)
      .sort(([keyA, a], [keyB, b]) => b.rank - a.rank || (keyA < keyB ? -1 : 1))
      .slice(0, limit)
      .map(([, { text, source, lexicon, count, evidence }]) => ({ text, source, lexicon, count, evidence }))
  }

  private evidenceOf(text: string): number | null {
    if (!this.lattice) return null
    const { charset, blank } = this.lattice
    const written = writtenAs(text, this.charset)
    const classes = written === null ? null : classesOf(written, charset, blank)
    if (!classes) return null
    const evidence = logPosteriorOf(classes, framesOfLattice(this.lattice), blank)
    return Number.isFinite(evidence) ? evidence : IMPOSSIBLE
  }
}

/** Of a text that needs more frames than there are: JSON has no −∞. */
const IMPOSSIBLE = -1e6
