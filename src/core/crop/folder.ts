import { dirname, join } from 'node:path'
import type { ReadOnlyDatabase } from '../store'
import { ownFolders } from '../store/own-folders'

/** The folder of the project that a database belongs to. */
export const projectFolder = (db: ReadOnlyDatabase): string => dirname(db.name)

/** Where a project keeps what was cut from its pages. */
export const cropsFolder = (db: ReadOnlyDatabase): string => join(projectFolder(db), ownFolders.crops)
