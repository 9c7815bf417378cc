/** Brings a project of an earlier Nomina up to date in a process of its own: meanwhile windows are answered, and one is told how far it is. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { builtScript, spawnNode } from '../../reading/processes'
import { sizeOf } from './disk'
import { backupsOf, type Step } from './migrate'
import { databaseName } from './open'

/** What the process is asked for. */
export interface ToMigrate {
  folder: string
}

/**
 * Returns when the process is over. What it could not do is left to whoever opens the project, who says why.
 * @param lookEvery how often the copy is looked at, which takes longest, in ms
 */
export async function migrateBeside(folder: string, stepped: (step: Step) => void, lookEvery = 500): Promise<void> {
  const file = join(folder, databaseName)
  let copying: NodeJS.Timeout | undefined
  try {
    accessSync(file, constants.W_OK)
    const child = spawnNode<ToMigrate, Step>(builtScript('migrator.js'), true)()
    child.onMessage((step) => {
      clearInterval(copying)
      stepped(step)
      if (step.done > 0) return
      copying = setInterval(() => {
        const done = copied(file)
        if (done > 0) stepped({ ...step, done })
      }, lookEvery)
    })
    child.send({ folder })
    await new Promise<string>((over) => child.onExit(over))
  } catch {
    // Whoever opens the project meets the same, and tells it.
  } finally {
    clearInterval(copying)
  }
}

/** How much of the database its copy has: that is without free pages, and at most as large. */
const copied = (file: string): number =>
  Math.min(
    0.99,
    Math.max(0, ...backupsOf(file).map(({ path, isWhole }) => (isWhole ? 0 : sizeOf(path) / sizeOf(file))))
  )
