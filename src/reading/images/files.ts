/** Files that are made beside what is read: crops, named after their own content, and thumbnails of pages. All can be made again. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** @param folder in which the crops lie */
export const cropPath = (folder: string, sha256: string): string => join(folder, sha256.slice(0, 2), `${sha256}.png`)

/** @param folder in which the crops lie @param sha256 of the page's source */
export const thumbnailPath = (folder: string, sha256: string, number: number): string =>
  join(folder, 'pages', `${sha256.slice(0, 32)}-${number}.jpg`)

/** @returns the crop's sha256. A crop that is there already is left alone. */
export async function writeCropFile(folder: string, png: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(png).digest('hex')
  const path = cropPath(folder, sha256)
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

/** sha256 of a file's bytes, in hexadecimal. @throws the file system's errors */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
