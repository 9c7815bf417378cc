/** Pages of projects from before they had names of their own: named beside the work, so that the first change finds them again. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importPaths, nameOldPages, previewImport } from '../../src/core/ingest'
import type { IdentifyPages } from '../../src/core/ingest/inspect'
import { hashesOfPdf } from '../../src/reading/pages/content/pdf'
import { say } from '../fixtures/decided'
import { addTemplate, fakePages, pageFields, register } from '../fixtures/pages'
import { pdfOfPages, scanPage } from '../fixtures/pdf'
import { folder, newProject, runControl } from '../fixtures/scans'

const scan = (value: number) =>
  scanPage({
    dictionary: '/Width 72 /Height 36 /ColorSpace /DeviceGray /BitsPerComponent 8',
    stream: Buffer.alloc(72 * 36, value)
  })
const write = (root: string, values: number[]): void =>
  writeFileSync(join(root, 'lot.pdf'), pdfOfPages(values.map(scan)))

/** Two pages, decided, as a migration leaves them: known by the bytes of their file. `decoded` counts pages. */
async function oldProject() {
  const root = folder()
  const db = newProject()
  const asked = { files: 0, decoded: 0 }
  const identify: IdentifyPages = async (path, { numbers, decode }) => {
    const all = (await hashesOfPdf(path)).map((hash) => (hash ? [hash] : []))
    asked.files++
    if (decode) asked.decoded += (numbers ?? all).length
    return numbers ? numbers.map((number) => all[number - 1]!) : all
  }
  const pages = async (path: string) => ({
    format: 'pdf' as const,
    pages: (await hashesOfPdf(path)).length,
    note: null
  })
  const options = { paths: [root], identify, countPages: pages }
  const take = () => importPaths(db, { ...options, labels: null }, runControl(db))
  await addTemplate(db, 'Form')
  write(root, [1, 2])
  await take()
  await register(db, fakePages())
  for (const { id, page } of pageFields(db)) say(db, id, `P${page}`)
  db.exec(`DELETE FROM content_hashes WHERE hash NOT LIKE 'file:%'`)
  Object.assign(asked, { files: 0, decoded: 0 })
  return { db, root, asked, identify, take, preview: () => previewImport(db, options) }
}
const going = new AbortController().signal

test('a page that is put in leaves the others decided, and no page is decoded for it', async () => {
  const { db, root, asked, identify, take, preview } = await oldProject()
  await nameOldPages(db, identify, going)
  expect(asked).toEqual({ files: 1, decoded: 0 })
  await nameOldPages(db, identify, going)
  expect(asked.files).toBe(1)
  write(root, [3, 1, 2])
  expect(await preview()).toMatchObject({ reopened: 0, pages: { moved: 2 } })
  expect(await take()).toMatchObject({ reopened: 0 })
  expect(asked.decoded).toBe(0)
})

test('where the file had changed before they were named, no page is decoded in vain', async () => {
  const { db, root, asked, identify, preview } = await oldProject()
  write(root, [3, 1, 2])
  await nameOldPages(db, identify, going)
  expect(await preview()).toMatchObject({ reopened: 4 })
  expect(asked.decoded).toBe(0)
})

test('it ends with the project, and goes on at the next start', async () => {
  const { db, asked, identify } = await oldProject()
  const closing = AbortSignal.abort(new Error('closed'))
  await expect(nameOldPages(db, identify, closing)).rejects.toThrow('closed')
  await nameOldPages(db, identify, going)
  expect(asked.files).toBe(1)
})
