/** Numbers, dates and plurals where the window speaks French. */
import { afterEach, describe, expect, it, vi } from 'vitest'

describe('French', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })
  it('writes numbers, dates and plurals its own way', async () => {
    vi.resetModules()
    vi.stubGlobal('localStorage', { getItem: () => 'fr' })
    const { bytes, count, percent, when } = await import('../../src/renderer/src/lib/format')
    const { t } = await import('../../src/renderer/src/i18n')
    const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, '_')
    expect(spaced(count(10500))).toBe('10_500')
    expect(spaced(percent(0.9996))).toBe('99,9_%')
    expect(bytes(1_536_000)).toBe('1,5 Mo')
    expect(when('2026-03-03T09:14:00', new Date('2026-03-04T12:00:00'))).toBe('hier 09:14')
    expect(when('2025-02-03T09:14:00', new Date('2026-03-04T12:00:00'))).toBe('3 févr. 2025')
    // None is singular in French, and whole millions have a plural of their own.
    expect(t('common:fields', { count: 0 })).toBe('0 champ')
    expect(spaced(t('common:fields', { count: 1_000_000 }))).toBe('1_000_000 champs')
  })
  it('knows the most common sentences of the core, and leaves the others as they are', async () => {
    vi.resetModules()
    vi.stubGlobal('localStorage', { getItem: () => 'fr' })
    const { fromCore } = await import('../../src/renderer/src/i18n/core')
    expect(fromCore('There is no file /home/ada/a.csv.')).toBe('Il n’y a pas de fichier /home/ada/a.csv.')
    expect(fromCore('Something rare.')).toBe('Something rare.')
  })
})
