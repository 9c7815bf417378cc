import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Preferences } from '../../src/core/app/preferences'

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

  it('of a reviewer called as a part of JavaScript are like any others', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const preferences = new Preferences(folder)
      expect(preferences.valuesOf(name)).toEqual({})
      preferences.setValue('theme', 'dark', name)
      preferences.setValue('__proto__', { polluted: true }, name)
      expect(preferences.valuesOf(name).theme).toBe('dark')
      await preferences.written()
    }
    expect({}).not.toHaveProperty('polluted')
  })

  it('have bounds: what passes them is refused, and the others stay', () => {
    const preferences = new Preferences(folder)
    preferences.setValue('theme', 'dark', 'Ben')
    for (let key = 0; key < 199; key++) preferences.setValue(`key ${key}`, key, 'Ben')
    expect(() => preferences.setValue('one more', 1, 'Ben')).toThrow(/no room/)
    expect(() => preferences.setValue('theme', 'x'.repeat(200_000), 'Ada')).toThrow(/no room/)
    expect(preferences.valuesOf('Ben').theme).toBe('dark')
    expect(preferences.valuesOf('Ada')).toEqual({})
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
    for (let turn = 0; turn < 50; turn++) preferences.setValue('turn', turn)
    await preferences.written()
    expect(new Preferences(folder).values).toEqual({ turn: 49 })
    mkdirSync(join(folder, `preferences.json.${process.pid}.tmp`))
    preferences.setValue('turn', 50)
    await expect(preferences.written()).rejects.toThrow(/cannot be written/)
    expect(preferences.values).toEqual({ turn: 50 })
  })
})
