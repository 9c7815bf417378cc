/** What an import will take on the disk, and what is free there, told before anything is written. */
import { sep } from 'node:path'
import type { ImportRoom } from '../../shared/domain'
import { diskUse, freeBytes, type Project } from '../project'
import { knownUnder, measuredBy } from '../store/disk'

export interface ToCome {
  /** Where the scans lie. */
  folder: string
  files: number
  bytes: number
  /** The files are pages, not fields. */
  pages: boolean
}

/** Of fewer fields a project's own figures say little: an empty database takes its room too. */
const enough = 2000

/**
 * Measured: 1,640 bytes a field of a project of a million, three in ten decided, and 1,100 of lattices (the sample of fields);
 * the sample of forms, 12 JPEGs of 0.93 MB, has 55 fields and 2.28 MB of crops.
 */
const usual = { field: 2740, fieldsOfByte: 55 / 0.93e6, cropsOfByte: 2.28 / 0.93 }

/** @param place where the project is or will be; @param project null: it is yet to be made. @throws as `diskUse` */
export async function roomFor(place: string, project: Project | null, coming: ToCome): Promise<ImportRoom> {
  const free = await freeBytes(place)
  const known = project
    ? await knownUnder(project.db, coming.folder.replaceAll(sep, '/'), project.signal)
    : { files: 0, bytes: 0 }
  const own = project && (await figuresOf(project, coming.pages))
  const { field, fieldsOfByte, cropsOfByte } = own ?? usual
  const files = Math.max(0, coming.files - known.files)
  const bytes = Math.max(0, coming.bytes - known.bytes)
  const needed = coming.pages ? bytes * (fieldsOfByte * field + cropsOfByte) : files * field
  return { needed: Math.round(needed), measured: own !== null, free }
}

/** Null: it holds too little of this kind to say. */
async function figuresOf(project: Project, pages: boolean): Promise<typeof usual | null> {
  const { fields, onPages, pageBytes } = measuredBy(project.db)
  if ((pages ? onPages : fields) < enough) return null
  const { database, crops } = await diskUse(project)
  return { field: database / fields, fieldsOfByte: onPages / pageBytes, cropsOfByte: crops / pageBytes }
}
