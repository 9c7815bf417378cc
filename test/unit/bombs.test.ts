/** Files made to take all memory or time: each ends with what is wrong with it, and none is taken for an empty one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readText } from '../../src/core/ingest/labels/decode'
import { detectDelimiter, parseTable } from '../../src/core/ingest/labels/parse'
import { hashesOfPdf } from '../../src/reading/pages/content/pdf'
import { objectsOfPdf, TooBroken } from '../../src/reading/pages/content/pdf-objects'
import { unfoldedOf } from '../../src/reading/pages/source/pdf-unfolded'
import { pdfOfPages } from '../fixtures/pdf'
import { readTemplateFile } from '../../src/reading/pages/template-file'

const folder = mkdtempSync(join(tmpdir(), 'nomina-bombs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const parsed = async (text: string) => parseTable(text, await detectDelimiter(text))

describe('a table', () => {
  it('of a million columns is refused as that', async () => {
    await expect(parsed(`${'a,'.repeat(999_999)}a\n`)).rejects.toThrow(/1,000,000 cells; the limit is 1,000/)
    await expect(parsed(`${'column,'.repeat(999_999)}a\n`)).rejects.toThrow(/more than 2,000,000 characters/)
  })
  it('with one such row loses that row', async () => {
    const { rows, problems } = await parsed(`FILENAME,IDENTITY\na.png,ADA\n${','.repeat(1000)}\nb.png,BEN\n`)
    expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, 'FILENAME'],
      [2, 'a.png'],
      [4, 'b.png']
    ])
    expect(problems).toEqual(['Line 3: it has 1,001 cells; the limit is 1,000. The line was left out.'])
  })
  it('of millions of rows is refused as that', async () => {
    await expect(parsed('a,b\n'.repeat(2_000_001))).rejects.toThrow(/more than 2,000,000 rows\. Split it/)
  })
  it('of millions of cells is refused as that', async () => {
    await expect(parsed(`${','.repeat(999)}\n`.repeat(10_001))).rejects.toThrow(/more than 10,000,000 cells/)
  })
  it('of line ends has no rows, and rows after them keep their lines', async () => {
    expect(await parsed('\n'.repeat(5_000_000))).toEqual({ rows: [], problems: [] })
    const { rows } = await parsed(`\r\n\n\na,b\n\n\nc,"d\ne"\n\nf,g`)
    expect(rows.map(({ line }) => line)).toEqual([4, 7, 10])
  })
  it('of quotes inside its cells is read once, not once for each', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `${at}.png,5" of ${at}\n`)
    const { rows, problems } = await parsed(lines.join(''))
    expect(problems).toEqual([])
    expect(rows).toHaveLength(20_000)
    expect(rows[19_999]).toEqual({ line: 20_000, cells: ['19999.png', '5" of 19999'] })
  })
  it('under a title takes no longer than one without', async () => {
    const ownMs = async (text: string): Promise<number> => {
      const before = process.cpuUsage()
      expect((await parsed(text)).problems).toEqual([])
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    }
    const body = '0.png,NAME\n'.repeat(150_000)
    await ownMs(body)
    expect(await ownMs(`Names\n${body}`)).toBeLessThan(3 * (await ownMs(body)))
  })
  it('of columns that are all called alike has names for them', async () => {
    const { rows } = await parsed(`${'x,'.repeat(998)}x\na.png,ADA\n`)
    expect(rows[0]!.cells).toHaveLength(999)
  })
})

describe('a PDF', () => {
  const written = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const endless = Buffer.from('6 0 obj\n<< /Length 9999999 >>\nstream\nendobj\n')
  const page = pdfOfPages([{ width: 200, height: 200, content: '0 0 10 10 re f' }])
  const withBroken = (times: number): Buffer =>
    Buffer.concat([page.subarray(0, 9), ...Array.from({ length: times }, () => endless), page.subarray(9)])

  it('of parts without end is searched for them only so far', async () => {
    await expect(objectsOfPdf(written('endless.pdf', withBroken(5000)), 20_000_000)).rejects.toThrow(TooBroken)
  })
  it('with some such parts is known by what is whole', async () => {
    const path = written('broken.pdf', withBroken(20))
    expect((await objectsOfPdf(path)).getPageCount()).toBe(1)
    expect(await hashesOfPdf(path)).toEqual([expect.stringContaining('pdf-page-1:')])
  })
  it('of which nobody can tell what it draws is not drawn', async () => {
    const path = written('hidden.pdf', withBroken(20))
    expect((await unfoldedOf(path))(1)).toBeNull()
    expect((await unfoldedOf(path, 1000))(1)).toMatch(/too many of its parts have no end/)
  })
})

describe('a file that people name', () => {
  it.skipIf(process.platform === 'win32')('is no pipe and no device: both are refused at once', async () => {
    const pipe = join(folder, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    await expect(readText(pipe)).rejects.toThrow(/no ordinary file/)
    await expect(readText('/dev/zero')).rejects.toThrow(/no ordinary file/)
    await expect(readTemplateFile(pipe)).rejects.toThrow(/no ordinary file/)
  })
})

describe('a template', () => {
  const box = { name: 'a', x: 0, y: 0, width: 1, height: 1 }
  const written = (value: unknown): string => {
    const path = join(folder, 'form.json')
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
    writeFileSync(join(folder, 'form.png'), '')
    return path
  }
  it('of 200,000 fields is refused as that', async () => {
    const fields = Array.from({ length: 100_000 }, () => ({ ...box, name: 'x' }))
    await expect(readTemplateFile(written({ image: 'form.png', fields }))).rejects.toThrow(/more than 1,000 items/)
    const more = written(`{"image":"form.png","fields":[${`${JSON.stringify(box)},`.repeat(200_000)}{}]}`)
    await expect(readTemplateFile(more)).rejects.toThrow(/the limit for such a file is 8,000,000/)
  })
  it('with depths of its own is refused as that', async () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    const path = written(`{"image":"form.png","fields":[${JSON.stringify(box)}],"more":${deep}}`)
    await expect(readTemplateFile(path)).rejects.toThrow(/levels/)
  })
})
