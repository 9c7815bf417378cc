/**
 * Files that Nomina makes inside a project's folder: crops, named after their own content, and thumbnails of pages. All can be
 * made again from the sources.
 */
import { createHash, randomBytes } from 'node:crypto'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ReadOnlyDatabase } from '../store'

/** The folder of the project that a database belongs to. */
export const projectFolder = (db: ReadOnlyDatabase): string => dirname(db.name)

export const cropPath = (project: string, sha256: string): string =>
  join(project, 'crops', sha256.slice(0, 2), `${sha256}.png`)

/** @param sha256 of the page's source */
export const thumbnailPath = (project: string, sha256: string, number: number): string =>
  join(project, 'crops', 'pages', `${sha256.slice(0, 32)}-${number}.jpg`)

/** @returns the crop's sha256. A crop that is there already is left alone. */
export async function writeCropFile(project: string, png: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(png).digest('hex')
  const path = cropPath(project, sha256)
  if (!(await isThere(path))) await writeWhole(path, png)
  return sha256
}

/** Under another name first: a reader never sees half a file. @throws the file system's errors */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(unfinished, bytes)
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
