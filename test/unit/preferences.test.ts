import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { Preferences } from '../../src/core/app/preferences'
import { preferencesOf, preferred } from '../../src/shared/preferences'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-preferences-'))
})

describe('Preferences', () => {
  it('survive a restart', async () => {
    const first = new Preferences(folder)
    first.reviewer = 'Ada'
    first.setValue('theme', 'dark')
    first.remember('/a')
    first.remember('/b')
    first.remember('/a')
    await first.written()
    const second = new Preferences(folder)
    expect(second.reviewer).toBe('Ada')
    expect(second.values).toEqual({ ...preferencesOf({}), theme: 'dark' })
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

  it('of a reviewer called as a part of JavaScript are like any others', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const preferences = new Preferences(folder)
      expect(preferences.valuesOf(name)).toEqual(preferencesOf({}))
      preferences.setValue('theme', 'dark', name)
      expect(preferences.valuesOf(name).theme).toBe('dark')
      await preferences.written()
    }
    expect({}).not.toHaveProperty('theme')
  })

  it('that are unknown or can’t be understood count as never set, and stay in the file', async () => {
    const values = {
      theme: 'purple',
      'review.order': 7,
      keys: { 'review.accept': 'F2' },
      'names.order': 'size',
      later: 1
    }
    writeFileSync(join(folder, 'preferences.json'), JSON.stringify({ recent: [], values, guests: {} }))
    const preferences = new Preferences(folder)
    expect(preferences.values).toEqual({ ...preferencesOf({}), 'names.order': 'size' })
    preferences.setValue('theme', 'dark')
    await preferences.written()
    const kept: unknown = JSON.parse(readFileSync(join(folder, 'preferences.json'), 'utf8'))
    expect(kept).toMatchObject({ values: { ...values, theme: 'dark' } })
  })

  it('are set by views only as what they are, and no larger than a window could need', () => {
    const sets = (key: string, value: unknown): boolean => v.is(preferred, { key, value })
    expect(sets('theme', 'dark')).toBe(true)
    expect(sets('theme', null)).toBe(true)
    expect(sets('keys', { 'review.accept': ['F2'] })).toBe(true)
    expect(sets('theme', 'purple')).toBe(false)
    expect(sets('review.capitals', undefined)).toBe(false)
    expect(sets('anything', 1)).toBe(false)
    expect(sets('updateFeed', 'https://somewhere.else')).toBe(false)
    expect(sets('files.last', 'x'.repeat(5000))).toBe(false)
    expect(sets('keys', Object.fromEntries(Array.from({ length: 2000 }, (_, id) => [`command ${id}`, ['F2']])))).toBe(
      false
    )
  })

  it('leave nothing of a process that was killed while it wrote them', () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    const [dead, alive] = [pid, process.ppid].map((writer) => join(folder, `preferences.json.${writer}.tmp`))
    for (const path of [dead!, alive!]) writeFileSync(path, '{')
    new Preferences(folder)
    expect([existsSync(dead!), existsSync(alive!)]).toEqual([false, true])
  })

  it('change many times and are written few times, the last change last, and a disk that refuses is told', async () => {
    const preferences = new Preferences(folder)
    for (let turn = 0; turn < 50; turn++) preferences.setValue('files.last', `/${turn}`)
    await preferences.written()
    expect(new Preferences(folder).values['files.last']).toBe('/49')
    mkdirSync(join(folder, `preferences.json.${process.pid}.tmp`))
    preferences.setValue('files.last', '/50')
    await expect(preferences.written()).rejects.toThrow(/cannot be written/)
    expect(preferences.values['files.last']).toBe('/50')
  })
})
