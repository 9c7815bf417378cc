/** Templates of the open project: made from a page, imported and exported as JSON, changed, removed. */
import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { TemplateDetail, TemplateField } from '../../../shared/forms'
import { writeWhole } from '../../../reading/images'
import { messageOf, NominaError, say } from '../../../shared/failure'
import { numbered } from '../../../shared/numbered'
import { findFile } from '../../recognise/files'
import { immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { renameFields } from '../../store/page-fields'
import { findPage, pagesOfTemplate, setPagePending, setPageToCut, unmatchedPages } from '../../store/pages'
import {
  findTemplate,
  findTemplateByName,
  insertTemplate,
  listTemplates,
  removeTemplate,
  templateImage,
  templateRow,
  updateTemplate,
  type StoredTemplate
} from '../../store/templates'
import type { PagesClient, ProcessTemplate } from '../../../reading/pages/process'
import { inReadingOrder, problemsOf } from '../../../reading/pages/template-fields'
import { readTemplateFile, type TemplateFile } from '../../../reading/pages/template-file'

export { assignModels } from './models'

/** px of the longer side of an image that the app itself makes a template of; a file's own image keeps its size. */
const longest = 4000

/** Problems of one template in a message: a file of another kind has one for each field. */
const mostTold = 10

/** @throws NominaError `not-found` */
export function readTemplate(db: ReadOnlyDatabase, id: number): StoredTemplate {
  const found = findTemplate(db, id)
  if (!found) throw new NominaError('not-found', `There is no template with the number ${id}.`)
  return found
}

export const describeTemplate = (db: ReadOnlyDatabase, template: StoredTemplate): TemplateDetail => ({
  ...templateRow(db, template),
  fields: template.file.fields,
  problems: problemsOf(template.file.fields, template)
})

/** The templates that pages can be laid on. One that is still being drawn has no fields yet. */
export const usableTemplates = (db: ReadOnlyDatabase): ProcessTemplate[] =>
  listTemplates(db)
    .filter((template) => problemsOf(template.file.fields, template).length === 0)
    .map(({ id, name, file }) => ({
      id,
      name,
      image: new Uint8Array(templateImage(db, id)!),
      filled: file.filled === true,
      fields: inReadingOrder(file.fields)
    }))

/** @throws NominaError `exists`, `not-found`, `unreadable` */
export async function createTemplate(
  db: Database,
  pages: PagesClient,
  name: string,
  from: { path: string; page?: number | undefined } | { pageId: number }
): Promise<StoredTemplate> {
  refuseTaken(db, name, null)
  const picture = await pages.call('picture', { ...(await placeOf(db, from)), longest, type: 'png', straight: true })
  const image = Buffer.from(picture.bytes)
  const file: TemplateFile = {
    image: `${fileStem(name)}.png`,
    width: picture.width,
    height: picture.height,
    // A page of the project has been written on; only its lines are known to be print inside the fields.
    ...('pageId' in from ? { filled: true } : {}),
    fields: []
  }
  const id = immediate(db, () => {
    refuseTaken(db, name, null)
    const { width, height } = picture
    return insertTemplate(db, { name, width, height, file, image, imageSha256: sha256Of(image) })
  })
  return readTemplate(db, id)
}

async function placeOf(db: ReadOnlyDatabase, from: { path: string; page?: number | undefined } | { pageId: number }) {
  if ('path' in from) {
    const path = resolve(from.path)
    await access(path).catch(() => {
      throw new NominaError('not-found', say('noFile', { path }))
    })
    return { path, number: from.page ?? 1, turns: null }
  }
  const page = findPage(db, from.pageId)
  if (!page?.sha256) throw new NominaError('not-found', `There is no page with the number ${from.pageId}.`)
  const found = await findFile(db, page.sha256)
  if ('reason' in found) throw new NominaError('not-found', found.reason)
  return { path: found.path, number: page.number, turns: page.turns }
}

export type EditedField = TemplateField & { was?: string | undefined }

/**
 * Replaces name and fields; fields on pages take the new names, and the pages wait to be cut again.
 * @returns whether there are pages that wait now
 * @throws NominaError `not-found`, `exists`, `invalid-input`
 */
export function saveTemplate(db: Database, id: number, name: string, edited: EditedField[]): boolean {
  const template = readTemplate(db, id)
  const fields = edited.map((field): TemplateField => {
    const kept = { ...field }
    delete kept.was
    return kept
  })
  const problems = fields.length ? problemsOf(fields, template) : []
  if (problems.length)
    throw new NominaError('invalid-input', `The template “${name}”: ${problems.slice(0, mostTold).join(' ')}`)
  const names = new Map(edited.flatMap(({ name: after, was }) => (was === undefined ? [] : [[was, after] as const])))
  return immediate(db, () => {
    refuseTaken(db, name, id)
    updateTemplate(db, id, name, { ...template.file, fields })
    renameFields(db, id, names)
    return queuePages(db, id)
  })
}

/** Pages on the template are cut again; those that lie on none may lie on it now. */
function queuePages(db: Database, id: number): boolean {
  const own = pagesOfTemplate(db, id).filter((page) => findPage(db, page)!.status === 'matched')
  const others = unmatchedPages(db)
  for (const page of own) setPageToCut(db, page)
  for (const page of others) setPagePending(db, page, null)
  return own.length + others.length > 0
}

/** Its pages wait to be laid on another. @returns whether there are any. @throws NominaError `not-found` */
export function dropTemplate(db: Database, id: number): boolean {
  readTemplate(db, id)
  return immediate(db, () => {
    const own = pagesOfTemplate(db, id)
    removeTemplate(db, id)
    for (const page of own) if (findPage(db, page)!.status !== 'discarded') setPagePending(db, page, null)
    return own.length > 0
  })
}

/**
 * Takes a template file in. One of the same name with the same image is replaced, with another image stands beside it under
 * another name.
 * @throws NominaError `not-found`, `invalid-input`, `unreadable`: what is wrong, with the file and the field
 */
export async function importTemplate(
  db: Database,
  pages: PagesClient,
  path: string
): Promise<{ template: StoredTemplate; waiting: boolean }> {
  const { name, file, image: imagePath, width, height } = await readTemplateFile(path)
  const picture = await pages
    .call('picture', { path: imagePath, number: 1, turns: null, longest: null, type: 'png' })
    .catch((error: unknown) => {
      throw new NominaError('unreadable', `${resolve(path)}: its image ${imagePath} can’t be used. ${messageOf(error)}`)
    })
  if ((width !== null && width !== picture.width) || (height !== null && height !== picture.height)) {
    throw new NominaError(
      'invalid-input',
      `${resolve(path)}: it says ${width ?? '?'} × ${height ?? '?'} px, but its image ${imagePath} is ${picture.width} × ${picture.height} px.`
    )
  }
  const problems = problemsOf(file.fields, picture)
  if (problems.length)
    throw new NominaError('invalid-input', `${resolve(path)}: ${problems.slice(0, mostTold).join(' ')}`)
  const image = Buffer.from(picture.bytes)
  const imageSha256 = sha256Of(image)
  return immediate(db, () => {
    const known = findTemplateByName(db, name)
    if (known?.imageSha256 === imageSha256) {
      const same = JSON.stringify(known.file) === JSON.stringify(file)
      updateTemplate(db, known.id, name, file)
      return { template: readTemplate(db, known.id), waiting: !same && queuePages(db, known.id) }
    }
    const free = freeName(db, name)
    const id = insertTemplate(db, {
      name: free,
      width: picture.width,
      height: picture.height,
      file,
      image,
      imageSha256
    })
    return { template: readTemplate(db, id), waiting: queuePages(db, id) }
  })
}

/**
 * Writes the template's JSON with every key it came with, and its image beside it.
 * @throws NominaError `not-found`, `exists`, `refused`
 */
export async function exportTemplate(
  db: ReadOnlyDatabase,
  id: number,
  given: string,
  overwrite: boolean
): Promise<string[]> {
  const { name, width, height, file } = readTemplate(db, id)
  const path = /\.json$/i.test(given) ? resolve(given) : `${resolve(given)}.json`
  const image = join(dirname(path), `${basename(path).slice(0, -5)}.png`)
  for (const target of [path, image]) {
    const there = await access(target).then(
      () => true,
      () => false
    )
    if (there && !overwrite) throw new NominaError('exists', say('isThere', { path: target }))
  }
  const content = { ...file, image: basename(image), name, width, height, fields: file.fields }
  try {
    await writeWhole(image, templateImage(db, id)!)
    await writeWhole(path, Buffer.from(`${JSON.stringify(content, null, 2)}\n`))
  } catch (error) {
    throw new NominaError('refused', `The template can’t be written to ${path}: ${messageOf(error)}`, { cause: error })
  }
  return [path, image]
}

/** @throws NominaError `exists` */
function refuseTaken(db: ReadOnlyDatabase, name: string, own: number | null): void {
  const taken = findTemplateByName(db, name)
  if (taken && taken.id !== own) throw new NominaError('exists', say('templateName', { name }))
}

function freeName(db: ReadOnlyDatabase, name: string): string {
  for (let number = 1; ; number++) {
    const candidate = numbered(name, number)
    if (!findTemplateByName(db, candidate)) return candidate
  }
}

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const fileStem = (name: string): string => name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'template'
