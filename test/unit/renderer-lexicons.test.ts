import { describe, expect, it } from 'vitest'
import {
  firstChoice,
  importOf,
  lackOf,
  nameOfFile,
  type Inspection
} from '../../src/renderer/src/views/lexicons/columns'

const inspection = (more: Partial<Inspection> = {}): Inspection => ({
  encoding: 'utf-8',
  delimiter: ';',
  columns: ['Nom', 'Prénom', 'Classe'],
  doubt: null,
  hasHeader: true,
  rows: 3,
  sample: [],
  problems: [],
  suggested: { kind: 'roster', textColumn: 'Nom', countColumn: null },
  fields: ['nom', 'prenom'],
  ...more
})
const file = '/lists/École 3B.csv'

describe('a list that was looked at', () => {
  it('has its file’s name, and fields bound to the columns of their name', () => {
    expect(nameOfFile(file)).toBe('École 3B')
    expect(firstChoice(file, inspection()).bindings).toEqual({ nom: 'Nom', prenom: 'Prénom' })
    expect(firstChoice(file, inspection({ fields: [''] })).bindings).toEqual({ '': 'Nom' })
    expect(firstChoice(file, inspection({ fields: ['a', 'b'] })).bindings).toEqual({})
  })
  it('says what is missing', () => {
    const roster = firstChoice(file, inspection())
    expect(lackOf(roster)).toBeNull()
    expect(lackOf({ ...roster, name: ' ' })).toBe('needsName')
    expect(lackOf({ ...roster, bindings: {} })).toBe('needsBinding')
    const names = { ...roster, kind: 'surname' as const }
    expect(lackOf({ ...names, textColumn: null })).toBe('needsColumn')
    expect(lackOf({ ...names, fields: [] })).toBe('needsField')
    expect(importOf(file, inspection(), { ...names, fields: [] })).toBeNull()
  })
  it('is imported with what was chosen, a roster in the order of the fields', () => {
    const roster = { ...firstChoice(file, inspection()), bindings: { prenom: 'Prénom', nom: 'Nom' } }
    expect(importOf(file, inspection(), roster)).toEqual({
      path: file,
      encoding: 'utf-8',
      delimiter: ';',
      name: 'École 3B',
      columns: {
        kind: 'roster',
        bindings: [
          { column: 'Nom', field: 'nom' },
          { column: 'Prénom', field: 'prenom' }
        ]
      }
    })
    const names = { ...roster, kind: 'surname' as const, fields: ['nom'], countColumn: 'Classe' }
    expect(importOf(file, inspection(), names)?.columns).toEqual({
      kind: 'surname',
      text: 'Nom',
      count: 'Classe',
      fields: ['nom']
    })
  })
})
