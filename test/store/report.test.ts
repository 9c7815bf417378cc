/** A page about a project, which a stranger may see. */
import { expect, test } from 'vitest'
import type { Project } from '../../src/core/project'
import { makeReport } from '../../src/core/report'
import { differingPart, maskedPair } from '../../src/core/report/mask'
import { decide } from '../../src/core/review'
import { deriveFields, immediate } from '../../src/core/store'
import { decided } from '../fixtures/decided'
import { addReading, project } from '../fixtures/small-project'

test('of a name only what was put right is shown, or its first letter', () => {
  expect(maskedPair('MARVELIAN', 'MARVELLAN')).toEqual({ before: '••••••I••', after: '••••••L••' })
  expect(maskedPair('JEAN LUC', 'JEAN LUC')).toEqual({ before: 'J••• •••', after: 'J••• •••' })
  // Where most of it is another, all would be told.
  expect(maskedPair('MARTIN', 'DUPONT')).toEqual({ before: '••••••', after: '••••••' })
  expect(differingPart('HAUTEBRINE', 'HAUTEBRUNE')).toEqual({ from: 7, to: 8 })
  expect(differingPart('JORIS', 'JORIS-M')).toEqual({ from: 5, to: 5 })
})

test('counts, and says how sure it is and how that is known; masked it holds no name and nobody who decided', async () => {
  const db = project([
    { reading: 'MARVELIAN', imported: 'MARVELIAN' },
    { reading: 'OSTREVIN', imported: 'OSTREVIN' },
    { reading: 'LUCENAY' }
  ])
  decide(db, { ids: [1], kind: 'corrected', text: 'MARVELLAN', reviewer: 'Ada <b>' })
  decide(db, { ids: [2], kind: 'accepted', reviewer: 'Ada <b>' })
  const of = { db, name: 'Parish & co' } as unknown as Project
  const masked = await makeReport(of, { language: 'en', masked: true })
  for (const said of [
    'Parish &amp; co',
    '1 are others now (50 %)',
    'of the 2 fields',
    '50 %',
    '••••••L••',
    'Names are masked'
  ])
    expect(masked).toContain(said)
  for (const name of ['MARVELLAN', 'MARVELIAN', 'OSTREVIN', 'LUCENAY', 'Ada']) expect(masked).not.toContain(name)
  const open = await makeReport(of, { language: 'fr', masked: false })
  for (const said of ['MARVELLAN', 'Ada &lt;b&gt;', 'Avant et après', '50 %']) expect(open).toContain(said)
  expect(open).not.toContain('Ada <b>')
})

test('its pictures are in it; masked it has the ink of the letter alone', async () => {
  const { db } = await decided({ '1.png': 1 })
  const model = `INSERT INTO models (id, hash, name, title, manifest, seen_at) VALUES (1, 'h', 'caps', 'Capitals', '{}', '')`
  immediate(db, () => {
    db.prepare(model).run()
    addReading(db, 1, { reading: 'A' })
    db.prepare(`UPDATE readings SET characters = '[{"text":"A","confidence":1,"start":10,"end":20}]'`).run()
    deriveFields(db, 'all', 1)
  })
  const pictureIn = async (masked: boolean): Promise<Buffer> => {
    const html = await makeReport({ db, name: 'x' } as unknown as Project, { language: 'en', masked })
    return Buffer.from(/base64,([^"]+)/.exec(html)![1]!, 'base64')
  }
  const { default: sharp } = await import('sharp')
  expect(await sharp(await pictureIn(false)).metadata()).toMatchObject({ width: 40, height: 10 })
  expect(await sharp(await pictureIn(true)).metadata()).toMatchObject({ width: 16, height: 10 })
})
