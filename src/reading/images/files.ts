/** Files that are made beside what is read: crops, named after their own content, and thumbnails of pages. All can be made again. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isAlive } from '../processes'

/** @param folder in which the crops lie */
export const cropPath = (folder: string, sha256: string): string => join(folder, sha256.slice(0, 2), `${sha256}.png`)

/** @param folder in which the crops lie @param sha256 of the page's source */
export const thumbnailPath = (folder: string, sha256: string, number: number): string =>
  join(folder, 'pages', `${sha256.slice(0, 32)}-${number}.jpg`)

/** Where crops and thumbnails are until they are whole: one folder, so that what a kill leaves is found without looking at all of them. */
const makingFolder = (folder: string): string => join(folder, 'making')
const makerOf = /\.(\d+)-[0-9a-f]+\.tmp$/

/** @returns the crop's sha256. A crop that is there already is left alone. */
export async function writeCropFile(folder: string, png: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(png).digest('hex')
  const path = cropPath(folder, sha256)
  if (!(await isThere(path))) await writeWhole(path, png, makingFolder(folder))
  return sha256
}

/** @param jpeg upright as stored */
export const writeThumbnailFile = (folder: string, sha256: string, number: number, jpeg: Buffer): Promise<void> =>
  writeWhole(thumbnailPath(folder, sha256, number), jpeg, makingFolder(folder))

/** Takes away what processes that were killed were making there. */
export async function clearHalfMade(folder: string): Promise<void> {
  const making = makingFolder(folder)
  for (const name of await readdir(making).catch(() => [])) {
    const maker = Number(makerOf.exec(name)?.[1] ?? 0)
    if (maker > 0 && !isAlive(maker)) await rm(join(making, name), { force: true })
  }
}

/**
 * Under another name first: a reader never sees half a file.
 * @param making a folder on the same disk, for the time that it is not whole
 * @throws the file system's errors
 */
export async function writeWhole(path: string, bytes: Uint8Array, making = dirname(path)): Promise<void> {
  const unfinished = join(making, `${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`)
  for (const folder of new Set([making, dirname(path)])) await mkdir(folder, { recursive: true })
  try {
    await writeFile(unfinished, bytes)
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/**
 * As `writeWhole`, a folder with all that is put into it.
 * @throws what `fill` throws, and the file system's errors; nothing of it is left then
 */
export async function makeWholeFolder(path: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  try {
    await mkdir(unfinished, { recursive: true })
    await fill(unfinished)
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
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
