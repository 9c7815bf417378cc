/** Where files lie: under a root of the project, and absolute. */
import { dirname, sep } from 'node:path'
import type { ReadOnlyDatabase } from '../store'
import { findSource, lastPosition, type Root } from '../store/sources'
import { positionStep } from './positions'
import { relativePath, type ScannedFile } from './scan'
import { turn } from '../store/slices'

/** A file under its root in the project: a folder inside a root that is known already is a part of that one. */
export interface Place {
  /** null where the folder is no root of the project yet. */
  rootId: number | null
  /** Of the root, absolute. */
  root: string
  path: string
  file: ScannedFile
  position: number
}

/** @param roots those of the project */
export async function placesOf(db: ReadOnlyDatabase, roots: Root[], files: ScannedFile[]): Promise<Place[]> {
  const enclosing = new Map<string, Root[]>()
  const first = lastPosition(db) + positionStep
  const places: Place[] = []
  for (const file of files) {
    const folder = dirname(file.absolute)
    if (!enclosing.has(folder)) enclosing.set(folder, enclosingRoots(roots, folder))
    const root = ownerOf(db, enclosing.get(folder)!, file)
    const position = first + places.length * positionStep
    const path = relativePath(root?.path ?? file.root, file.absolute)
    places.push({ rootId: root?.id ?? null, root: root?.path ?? file.root, path, file, position })
    if (places.length % 500 === 0) await turn(db)
  }
  return places
}

/** The root under which the file is known, where folders lie within one another; else the outermost. */
function ownerOf(db: ReadOnlyDatabase, roots: Root[], file: ScannedFile): Root | undefined {
  if (roots.length === 1) return roots[0]
  return roots.find((root) => findSource(db, root.id, relativePath(root.path, file.absolute))) ?? roots[0]
}

/** Outermost first. */
export const enclosingRoots = (roots: Root[], folder: string): Root[] =>
  roots.filter((root) => isWithin(folder, root.path)).sort((a, b) => a.path.length - b.path.length)

export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

export const absoluteOf = (source: { root: string; path: string }): string =>
  (source.root.endsWith(sep) ? source.root : source.root + sep) +
  (sep === '/' ? source.path : source.path.replaceAll('/', sep))

const isWindowsPath = (path: string): boolean => /^([a-z]:([\\/]|$)|\\\\)/i.test(path)

function stepsOf(path: string): string[] {
  const steps = (isWindowsPath(path) ? path.split(/[\\/]/) : path.split(sep)).filter((step) => step !== '')
  return isWindowsPath(path) ? steps.map((step) => step.toLowerCase()) : steps
}

/**
 * `path` from `folder` on, with `/`; empty where it is the folder, null where it lies elsewhere. Paths of Windows are understood on
 * other systems too: a project remembers its folders as they were called where it was made.
 */
export function pathBelow(path: string, folder: string): string | null {
  const [own, outer] = [stepsOf(path), stepsOf(folder)]
  if (isWindowsPath(path) !== isWindowsPath(folder) || !outer.every((step, index) => own[index] === step)) return null
  const written = isWindowsPath(path) ? path.split(/[\\/]/) : path.split(sep)
  return written
    .filter((step) => step !== '')
    .slice(outer.length)
    .join('/')
}
