/** Parts of a split: given once, kept, and never the same picture in two of them. */
import { describe, expect, test } from 'vitest'
import { assignParts, type Part } from '../../src/core/export/split'
import { storeParts } from '../../src/core/store/split-parts'
import { project } from '../fixtures/small-project'

const shares = { train: 50, validation: 25, test: 25 }
type Row = Parameters<ReturnType<typeof assignParts>['partOf']>[0]

const row = (id: number, more: Partial<Row> = {}): Row => ({
  id,
  contentId: id,
  crop: null,
  sha256: `${id}`.repeat(8).slice(0, 8).padEnd(64, '0'),
  path: `${id}.png`,
  page: 1,
  quad: null,
  position: id * 16,
  ...more
})
const field = (id: number, page: number, crop: string | null): Row =>
  row(id, { contentId: page, crop, sha256: 'ab', page, quad: '[]' })

function emptyProject() {
  const db = project([])
  for (let id = 1; id <= 200; id++) db.prepare('INSERT INTO contents (id) VALUES (?)').run(id)
  return db
}

/** Of many, the ones that fall in different parts by themselves. */
function apart(db: ReturnType<typeof emptyProject>, rows: Row[]): [Row, Row] {
  const { partOf } = assignParts(db, rows, shares)
  const other = rows.find((candidate) => partOf(candidate) !== partOf(rows[0]!))!
  return [rows[0]!, other]
}

describe('a split', () => {
  test('has the fields of a page in one part', () => {
    const rows = Array.from({ length: 60 }, (_, index) => field(index + 1, Math.floor(index / 3) + 1, `crop ${index}`))
    const { partOf } = assignParts(emptyProject(), rows, shares)
    const byPage = Map.groupBy(rows, ({ page }) => page)
    for (const fields of byPage.values()) expect(new Set(fields.map(partOf)).size).toBe(1)
    expect(new Set(rows.map(partOf)).size).toBe(3)
  })

  test('has what looks the same in one part, the same content and the same crop alike', () => {
    const db = emptyProject()
    const [a, b] = apart(
      db,
      Array.from({ length: 30 }, (_, index) => field(index + 1, index + 1, `crop ${index}`))
    )
    const joined = assignParts(db, [a, { ...b, crop: a.crop }], shares)
    expect(joined.partOf(b)).toBe(joined.partOf(a))
    const same = assignParts(db, [row(1), row(2, { contentId: 1 })], shares)
    expect(same.partOf(row(2, { contentId: 1 }))).toBe(same.partOf(row(1)))
  })

  test('does not join pages by their blank fields', () => {
    const db = emptyProject()
    const [a, b] = apart(
      db,
      Array.from({ length: 30 }, (_, index) => field(index + 1, index + 1, null))
    )
    const both = assignParts(db, [a, b], shares)
    expect(both.partOf(a)).not.toBe(both.partOf(b))
  })

  test('keeps what was given, whatever comes later', () => {
    const db = emptyProject()
    const alone = assignParts(db, [row(1)], shares).partOf(row(1))
    const other: Part = alone === 'test' ? 'train' : 'test'
    storeParts(db, '50/25/25', new Map([[1, other]]))
    const later = assignParts(db, [row(1), row(2)], shares)
    expect(later.partOf(row(1))).toBe(other)
    expect([...later.given.keys()]).toEqual([2])
    // Other shares are another split.
    expect(assignParts(db, [row(1)], { train: 60, validation: 20, test: 20 }).given.has(1)).toBe(true)
  })

  test('a newcomer joins its nearest twin, and never draws it away', () => {
    const db = project([{ sha256: 'crop' }, { sha256: 'crop' }])
    db.exec(`INSERT INTO contents (id) VALUES (1), (2), (3);
      INSERT INTO pages (id, source_id, number, content_id) VALUES (1, 1, 1, 1), (2, 2, 1, 2);
      UPDATE fields SET page_id = id, quad = '[]', position = id * 1000`)
    storeParts(db, '50/25/25', new Map<number, Part>([[1, 'train'], [2, 'test']])) // prettier-ignore
    const partNear = (position: number) => {
      const late = { ...field(9, 3, 'crop'), position }
      return assignParts(db, [late], shares).partOf(late)
    }
    expect([partNear(900), partNear(2100)]).toEqual(['train', 'test'])
  })
})
