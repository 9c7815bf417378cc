/** How a field is typed: what the keys of a person do there, by what is written in such fields and the reader that the project began with. */
import { NominaError } from '../../shared/failure'
import { currentModelId, type ReadOnlyDatabase } from '../store'
import { readerOf } from '../store/generations'
import { charsetOf } from '../store/models'
import { nameAndModelOf, textsOfName } from '../store/field-texts'

export interface Typing {
  /** Digits are as usual as letters: they type, and readings are picked with Alt. */
  digits: boolean
  /** Digits occur at all. */
  someDigits: boolean
  /** All is written in capitals. */
  capitals: boolean
}

/** Newest decisions and first labels that are looked at for texts of such fields, and how many of these say enough. */
const LOOKED_AT = 2000
const ENOUGH = 20
/** From this share of texts with a digit on, digits are usual. */
const USUAL = 0.05

/**
 * Never by the generation that reads just now: what it has learnt to write must not change what a key does.
 * @throws NominaError('not-found')
 */
export function typingOf(db: ReadOnlyDatabase, id: number): Typing {
  const field = nameAndModelOf(db, id)
  if (!field) throw new NominaError('not-found', `There is no field with the number ${id}.`)
  const model = field.modelId ?? currentModelId(db)
  const charset = model === null ? [] : charsetOf(db, readerOf(db, model))
  const written = charset.some(isDigit)
  const texts = textsOfName(db, field.name, LOOKED_AT)
  const withDigits = texts.filter(isDigit).length
  return {
    digits: texts.length < ENOUGH ? written : withDigits >= USUAL * texts.length,
    someDigits: written || withDigits > 0,
    capitals: charset.length > 0 && !charset.some((character) => /\p{Ll}/u.test(character))
  }
}

const isDigit = (text: string): boolean => /\d/.test(text)
