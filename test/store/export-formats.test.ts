import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { previewExport, writeExport, type OnScans } from '../../src/core/export'
import { exportFormats, takes, traitsOf } from '../../src/shared/export-formats'
import type { ExportOptions } from '../../src/shared/domain'
import { fakePages, projectOfPages, register, unmatched } from '../fixtures/pages'
import { temporaryFolder } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const base: Omit<ExportOptions, 'out' | 'format'> = {
  rows: 'all',
  ...plainExport,
  overwrite: false
}

describe.each(exportFormats)('the format %s', (format) => {
  const { unit, endings } = traitsOf(format)
  const endingOf = endings[0] ? `.${endings[0]}` : ''

  test('writes what its preview counts, of all that it has', async () => {
    const { db } = await projectOfPages(3)
    await register(
      db,
      fakePages((job) => (job.path.endsWith('3.png') ? unmatched() : {}))
    )
    const wanted = { ...base, format, out: join(temporaryFolder(), `out${endingOf}`) }
    const preview = await previewExport(db, wanted)
    let told: OnScans = { stale: [], notes: [] }
    const written = await writeExport(db, wanted, { onScans: (found) => (told = found) })
    expect(written.rows).toBe(preview.rows)
    expect(told.stale).toEqual([])
    if (unit !== 'page') return
    expect(written).toMatchObject({ rows: 2, crops: 0 })
    expect(told.left).toBe(1)
    expect(written.files.map((file) => file.slice(wanted.out.length))).toEqual(['/page 1.xml', '/page 2.xml'])
    const xml = readFileSync(written.files[0]!, 'utf8')
    expect(xml).toContain(format === 'page' ? '<PcGts' : '<alto')
  })

  test('refuses what it can’t be asked for', async () => {
    const { db } = await projectOfPages(1)
    const wanted = { ...base, format, out: join(temporaryFolder(), 'out') }
    const split = { train: 80, validation: 10, test: 10 }
    const asked = [
      ...(takes(format, 'crops') ? [] : [{ ...wanted, crops: true }]),
      ...(takes(format, 'split') ? [] : [{ ...wanted, split }]),
      ...(endings.includes('xlsx') ? [] : [{ ...wanted, out: `${wanted.out}.xlsx` }])
    ]
    for (const options of asked) {
      await expect(previewExport(db, options)).rejects.toMatchObject({ code: 'invalid-input' })
      await expect(writeExport(db, options)).rejects.toMatchObject({ code: 'invalid-input' })
    }
  })
})
