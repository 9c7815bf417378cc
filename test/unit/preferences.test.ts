import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Preferences } from '../../src/core/preferences'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-preferences-'))
})

describe('Preferences', () => {
  it('survive a restart', () => {
    const first = new Preferences(folder)
    first.reviewer = 'Ada'
    first.setValue('theme', 'dark')
    first.remember('/a')
    first.remember('/b')
    first.remember('/a')
    const second = new Preferences(folder)
    expect(second.reviewer).toBe('Ada')
    expect(second.values).toEqual({ theme: 'dark' })
    expect(second.recent().map((project) => project.path)).toEqual(['/a', '/b'])
  })

  it('says which recent projects are still there', () => {
    const there = join(folder, 'there')
    mkdirSync(there)
    writeFileSync(join(there, 'nomina.db'), '')
    const preferences = new Preferences(folder)
    preferences.remember(there)
    preferences.remember(join(folder, 'gone'))
    expect(preferences.recent().map(({ name, exists }) => [name, exists])).toEqual([
      ['gone', false],
      ['there', true]
    ])
    preferences.forget(there)
    expect(preferences.recent()).toHaveLength(1)
  })

  it('sets an unreadable file aside instead of failing or losing it', () => {
    writeFileSync(join(folder, 'preferences.json'), '{ half')
    const preferences = new Preferences(folder)
    expect(preferences.recent()).toEqual([])
    expect(readFileSync(join(folder, 'preferences.json.unreadable'), 'utf8')).toBe('{ half')
    expect(existsSync(join(folder, 'preferences.json'))).toBe(false)
  })
})
