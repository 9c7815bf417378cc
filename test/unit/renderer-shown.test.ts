import { describe, expect, it } from 'vitest'
import type { FieldRow } from '../../src/shared/domain'
import { duration, percent, when } from '../../src/renderer/src/lib/format'
import { chipsFor, nextOrder } from '../../src/renderer/src/views/review/filters'
import {
  arrivalWords,
  digitsTypeIn,
  inCapitals,
  isInCapitals,
  stateWord,
  tapeNote,
  textOnArrival,
  verdict
} from '../../src/renderer/src/views/review/shown'
import { placeCells } from '../../src/renderer/src/views/review/cells'
import { scaleFor } from '../../src/renderer/src/views/review/picture.svelte'
import { sizesFor } from '../../src/renderer/src/views/review/sizes'
import { makeRow } from '../fixtures/renderer-queue'

const row = (more: Partial<FieldRow> = {}): FieldRow => ({
  ...makeRow(1),
  file: 'a.png',
  text: 'ROUE',
  reading: 'ROUE',
  confidence: 0.62,
  ...more
})

describe('the text on arrival', () => {
  it('is what was read where the imported label says something else', () => {
    expect(textOnArrival(row({ imported: 'RENE', importedState: 'text', differs: true }))).toBe('ROUE')
  })
  it('is the imported label where only case or accents differ', () => {
    expect(textOnArrival(row({ imported: 'Roué', importedState: 'text', differs: false }))).toBe('Roué')
  })
  it('is the imported label where nothing was read', () => {
    expect(textOnArrival(row({ reading: null, imported: 'RENE', importedState: 'text' }))).toBe('RENE')
  })
  it('is what was decided, once it was', () => {
    expect(textOnArrival(row({ status: 'corrected', text: 'RENE' }))).toBe('RENE')
    expect(textOnArrival(row({ status: 'blank', text: null }))).toBe('')
  })
})

describe('Enter', () => {
  it('accepts what stands there and saves what was typed', () => {
    expect(verdict(row(), 'ROUE', false)).toEqual({ do: 'decide', kind: 'accepted', text: 'ROUE' })
    expect(verdict(row(), ' RENE ', true)).toEqual({ do: 'decide', kind: 'corrected', text: 'RENE' })
  })
  it('corrects where another text is saved than was shown, also one that was imported or read', () => {
    const differing = row({ imported: 'RENE', importedState: 'text', differs: true })
    expect(verdict(differing, 'ROUE', false)).toMatchObject({ kind: 'accepted' })
    expect(verdict(differing, 'RENE', true)).toMatchObject({ kind: 'corrected' })
    const decided = row({ status: 'corrected', text: 'RENE' })
    expect(verdict(decided, 'ROUE', true)).toMatchObject({ kind: 'corrected' })
  })
  it('takes the word for a state in tables for the state', () => {
    expect(verdict(row(), 'EMPTY', true)).toEqual({ do: 'decide', kind: 'blank', text: '' })
    expect(verdict(row(), ' unreadable ', true)).toEqual({ do: 'decide', kind: 'illegible', text: '' })
    expect(verdict(row(), 'EMPTYS', true)).toMatchObject({ kind: 'corrected' })
  })
  it('composes accents', () => {
    expect(verdict(row(), 'ROUE\u0301', true)).toMatchObject({ text: 'ROUÉ' })
  })
  it('goes on from a decided field that was only looked at', () => {
    expect(verdict(row({ status: 'blank', text: null }), '', false)).toEqual({ do: 'pass' })
    // A decision that was refused stays as a text that was typed: somebody else had said the same.
    expect(verdict(row({ status: 'accepted', text: 'ROUE' }), 'ROUE', true)).toEqual({ do: 'pass' })
  })
  it('accepts as blank what is blank as far as Nomina can tell, and says so in the tape', () => {
    const blank = row({ blank: 0.999, reading: '', text: '', confidence: 0.999 })
    expect(verdict(blank, '', false)).toEqual({ do: 'decide', kind: 'blank', text: '' })
    expect(stateWord(blank)).toBe('Blank')
    expect(verdict(blank, '', true).do, 'a text that was typed and deleted').toBe('refuse')
    expect(verdict(row({ ...blank, imported: 'ROUE', importedState: 'text' }), '', false).do).toBe('refuse')
  })
  it('refuses an empty text', () => {
    expect(verdict(row(), '  ', true).do).toBe('refuse')
    expect(verdict(row({ status: 'failed', reading: null, text: null }), '', false).do).toBe('refuse')
  })
})

describe('words', () => {
  it('say on arrival what is read, how sure and what is doubtful', () => {
    const characters = [
      { text: 'A', confidence: 0.99, start: 0, end: 10 },
      { text: 'I', confidence: 0.3, start: 10, end: 20 }
    ]
    const field = row({ reading: 'AI', text: 'AI', characters })
    expect(arrivalWords(field, 'AI', placeCells('AI', characters, 100))).toBe('AI, 62 %, one doubtful character: I')
  })
  it('end a row of the tape', () => {
    expect(tapeNote(row({ status: 'corrected', text: 'RENE' }))).toBe('was ROUE')
    expect(tapeNote(row())).toBe('62 %')
    const imported = { imported: 'Roué', importedState: 'text' as const }
    expect(tapeNote(row({ ...imported, status: 'corrected', text: 'RENE' }))).toBe('was Roué')
    expect(tapeNote(row({ ...imported, differs: true }))).toBe('label Roué, 62 %')
    expect(tapeNote(row({ ...imported, differs: true, status: 'corrected', text: 'Roué' }))).toBe('was ROUE')
  })
  it('never round to what is not so', () => {
    expect(percent(0.9996)).toBe('99.9 %')
    expect(percent(0.997)).toBe('99 %')
    expect(percent(1)).toBe('100 %')
    expect(percent(0.0001)).toBe('< 1 %')
  })
  it('say times as a person would', () => {
    expect(duration(7500)).toBe('2 h 5 min')
    expect(duration(40)).toBe('40 s')
    expect([duration(14.4 * 3600), duration(47 * 3600), duration(70 * 3600)]).toEqual(['14 h', '47 h', '3 days'])
    expect(when('2026-03-03T09:14:00', new Date('2026-03-03T12:00:00'))).toBe('today 09:14')
  })
  it('go on in capitals where all is in capitals, character by character', () => {
    expect(isInCapitals('DE L’ÉTANG-2')).toBe(true)
    expect(isInCapitals('ROUé')).toBe(false)
    expect(inCapitals('roué ß')).toBe('ROUÉ ß')
  })
  it('leave digits to the text where they are usual, or occur and this one has some, or something was typed', () => {
    const names = { digits: false, someDigits: false }
    const some = { digits: false, someDigits: true }
    const misread = row({ alternatives: [{ text: 'R0UE', probability: 0.1 }] })
    expect(digitsTypeIn(row(), 'ROUE', some)).toBe(false)
    expect(digitsTypeIn(misread, 'ROUE', some)).toBe(true)
    // Where no digit was ever written, one that is read changes no key.
    expect(digitsTypeIn(misread, 'ROUE', names)).toBe(false)
    expect(digitsTypeIn(row(), 'ROUX', names)).toBe(true)
    expect(digitsTypeIn(row(), 'ROUE', { digits: true, someDigits: true })).toBe(true)
  })
})

describe('sizes', () => {
  it('never depend on the field, and always fit the stage', () => {
    for (const height of [240, 420, 660, 940, 1300]) {
      const sizes = sizesFor(height, 1280)
      expect(sizes.card + sizes.rows * 2 * 50).toBeLessThanOrEqual(Math.max(height, sizes.card))
    }
  })
  it('enlarge a small crop only so much, and let a very wide one scroll', () => {
    const frame = { width: 800, height: 150 }
    expect(scaleFor(60, 10, frame, 1)).toBe(6)
    expect(scaleFor(3000, 100, frame, 1) * 3000).toBeGreaterThan(800)
    expect(scaleFor(400, 100, frame, 1)).toBe(1.5)
  })
})

describe('the bar', () => {
  it('shows what there is, and what is chosen', () => {
    const none = { accepted: 0, corrected: 0, blank: 0, illegible: 0, flagged: 0, failed: 0, read: 9, differs: 0 }
    const chips = chipsFor({ total: 9, undecided: 9, ...none }, { status: 'blank' })
    expect(chips.map((chip) => chip.title)).toEqual(['Undecided', 'All', 'Blank'])
    expect(chips.filter((chip) => chip.on).map((chip) => chip.title)).toEqual(['Blank'])
  })
  it('goes through all orders', () => {
    expect(nextOrder('confidence')).toBe('differs')
    expect(nextOrder('random')).toBe('suggested')
  })
})

describe('what an import opened again', () => {
  it('is a filter as long as there is any, or it is chosen', () => {
    const counts = { total: 9, undecided: 5, accepted: 4, corrected: 0, blank: 0, illegible: 0, flagged: 0, failed: 0, read: 9, differs: 0 } // prettier-ignore
    const titles = (more: object, filter = {}) => chipsFor({ ...counts, ...more }, filter).map(({ title }) => title)
    expect(titles({})).not.toContain('Reopened')
    expect(titles({ reopened: 2, doubtful: 1 })).toEqual(expect.arrayContaining(['Reopened', 'Doubtful']))
    const chosen = chipsFor(counts, { status: 'undecided', reopened: 'last-import' }).filter(({ on }) => on)
    expect(chosen.map(({ title, filter }) => [title, filter.reopened])).toEqual([['Reopened', 'last-import']])
  })
})
