/**
 * The way in of the desktop app. The rest is loaded from here, so that a failure to load it is said: Electron alone shows a
 * box that blocks the process, and a launcher would wait for ever.
 */
import { giveUp, surviveErrors } from './failure'

surviveErrors()
try {
  await import('./desktop')
} catch (error) {
  void giveUp(error)
}
