/** Names that are written almost as a person types them: a letter left out, added, or another. */
import { editDistance } from '../../shared/edits'
import { fold, type ReadOnlyDatabase } from '../store'
import { allTexts } from '../store/field-texts'

export interface SimilarName {
  text: string
  fields: number
}

/** A short name has many neighbours: fewer letters of it may differ. */
const mostEdits = (length: number): number => (length < 4 ? 0 : length < 7 ? 1 : 2)

/** Of all labels; nearest first, then the most frequent. Capitals and accents don't matter. */
export function similarNames(db: ReadOnlyDatabase, text: string, limit: number): SimilarName[] {
  const wanted = fold(text.trim())
  const most = mostEdits(wanted.length)
  if (most === 0) return []
  return allTexts(db)
    .map((name) => ({ name, edits: nearest(wanted, fold(name.text), most) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits || b.name.fields - a.name.fields || (a.name.text < b.name.text ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name)
}

/** Edits to the whole name, or to one of its words. */
const nearest = (wanted: string, name: string, most: number): number =>
  Math.min(...[name, ...name.split(/[\s-]+/)].map((part) => editDistance(wanted, part, most)))
