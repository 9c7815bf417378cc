import { app, dialog } from 'electron'
import { wordsOf } from './words'

const words = () => wordsOf(null, app.getLocale())
const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Ends the app that could not start, with exit code 1. A launcher hears why on standard error and shows the app in the
 * browser instead; who started the installed app has nothing but a box.
 * No box here or elsewhere blocks the process: Chromium kills an instance that does not answer to a second start.
 */
export async function giveUp(error: unknown): Promise<void> {
  console.error(`Nomina could not start: ${stackOf(error)}`)
  if (app.isPackaged) {
    await app.whenReady()
    await dialog.showMessageBox({ type: 'error', message: words().couldNotStart, detail: reasonOf(error) })
  }
  app.exit(1)
}

/** An error that nobody caught is logged and told once; the app goes on, for what was decided is on the disk already. */
export function surviveErrors(): void {
  // The terminal that it was started from may be gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  let told = false
  const survive = (error: unknown): void => {
    console.error(stackOf(error))
    if (told || !app.isReady()) return
    told = true
    void dialog.showMessageBox({ type: 'error', message: words().wentWrong, detail: reasonOf(error) })
  }
  process.on('uncaughtException', survive)
  process.on('unhandledRejection', survive)
}
