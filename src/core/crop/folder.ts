import { dirname, join } from 'node:path'
import type { ReadOnlyDatabase } from '../store'

/** The folder of the project that a database belongs to. */
export const projectFolder = (db: ReadOnlyDatabase): string => dirname(db.name)

/** Where a project keeps what was cut from its pages. */
export const cropsFolder = (db: ReadOnlyDatabase): string => join(projectFolder(db), 'crops')
